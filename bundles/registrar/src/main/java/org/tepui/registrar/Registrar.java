// SPDX-License-Identifier: Apache-2.0
package org.tepui.registrar;

import java.util.List;
import org.tepui.proto.registry.Record;

/**
 * Makes the changes of a master's hard state durable. Called on the master's loop, and answers on it.
 *
 * <p>The master decides on a change, commits its records, and acts on it and answers once they are durable. Records
 * committed while a write is under way share the next one.
 */
public interface Registrar {
    /** Hears of a registrar. */
    interface Owner {
        /**
         * The registry was read, and that this master leads is durable.
         *
         * @param state all that earlier masters left, under the epoch of this start; it follows what is committed,
         *     and belongs to the registrar: it is read only, on the loop only
         */
        void started(RegistryState state);

        /**
         * Nothing can be made durable any more, or the registry could not be read. The master resigns: what it did
         * not hear to be durable may be found by the next or not. Called once, and nothing else afterwards.
         *
         * @param reason for people: what failed, where, and what is expected
         */
        void failed(String reason);
    }

    /**
     * Reads what earlier masters left and records this start under a new epoch, larger than all before. To be
     * called once.
     *
     * @param masterId of this start
     */
    void start(String masterId, Owner owner);

    /**
     * Makes records durable together: after a crash all of them are found, or none.
     *
     * @param records one or more
     * @param durable runs in the order of the calls, when the state has the change; never, if the records may be lost
     * @throws IllegalArgumentException if there is no record, one without a change, or more than one write can
     *     carry (4 MiB); none was taken
     * @throws IllegalStateException before {@link Owner#started}
     */
    void commit(List<Record> records, Runnable durable);

    /**
     * Makes durable what was committed and lets go of the registry, for the next master.
     *
     * @param stopped runs when that is done
     */
    void stop(Runnable stopped);
}
