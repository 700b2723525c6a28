// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import org.tepui.transport.Exchange;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.master.Call;

/** The files that a master shows to operators: its log. */
public interface MasterFiles {
    /** Shows nothing: both calls are refused by name. */
    MasterFiles NONE = new MasterFiles() {
        @Override
        public void list(Call.ListFiles call, Exchange exchange) {
            exchange.refuse(Kind.NOT_IMPLEMENTED, "Call LIST_FILES is not supported: this master has no log directory");
        }

        @Override
        public void read(Call.ReadFile call, Exchange exchange) {
            exchange.refuse(Kind.NOT_IMPLEMENTED, "Call READ_FILE is not supported: this master has no log directory");
        }
    };

    /** Answers LIST_FILES, at once or later, on the master's loop. */
    void list(Call.ListFiles call, Exchange exchange);

    /** Answers READ_FILE, at once or later, on the master's loop. */
    void read(Call.ReadFile call, Exchange exchange);
}
