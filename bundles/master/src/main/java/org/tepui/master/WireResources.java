// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.List;
import org.tepui.api.resources.Resources;
import org.tepui.proto.convert.ReservationFormat;
import org.tepui.proto.convert.ResourceConversion;
import org.tepui.v1.Resource;

/** Resources as operators are shown them: in the form that can say everything. */
final class WireResources {
    private WireResources() {}

    static List<Resource> of(Resources resources) {
        return ResourceConversion.toWire(resources, ReservationFormat.STACK);
    }
}
