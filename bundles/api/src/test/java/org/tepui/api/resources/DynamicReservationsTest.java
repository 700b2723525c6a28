// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.tepui.api.Role;

class DynamicReservationsTest {
    private static final Resources CONFIGURED = Resources.parse("cpus:4;cpus(eng):2;ports:[1-10]");

    private static Resources dynamic(String text, String role) {
        return Resources.parse(text).pushReservation(Reservation.dynamic(new Role(role)));
    }

    @Test
    void appliesWhatWasReservedToWhatIsConfigured() {
        Resources reserved = dynamic("cpus:1;ports:[3-4]", "ads").add(dynamic("cpus(eng):1", "eng/web"));
        Resources total = DynamicReservations.apply(CONFIGURED, reserved);
        assertThat(total).isEqualTo(reserved.add(Resources.parse("cpus:3;cpus(eng):1;ports:[1-2,5-10]")));
        assertThat(DynamicReservations.of(total)).isEqualTo(reserved);
        assertThat(DynamicReservations.strip(total)).isEqualTo(CONFIGURED);
    }

    @Test
    void leavesOutWhatDoesNotFitAnyMore() {
        Resources fits = dynamic("cpus:3", "ads");
        Resources reserved = fits.add(dynamic("cpus(old):1", "old/web")).add(dynamic("mem:5", "ads"));
        assertThat(DynamicReservations.of(DynamicReservations.apply(CONFIGURED, reserved)))
                .isEqualTo(fits);
    }
}
