// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tepui.api.Role;

class ResourcesTest {
    private static final Role ADS = new Role("ads");
    private static final Role ADS_WEB = new Role("ads/web");

    private static Resources parse(String text) {
        return Resources.parse(text);
    }

    private static Resource volume(String id, boolean shared) {
        ResourceIdentity disk = ResourceIdentity.of("disk", ValueType.SCALAR)
                .withReservations(List.of(Reservation.dynamic(ADS)))
                .withDisk(new DiskInfo(new DiskInfo.Persistence(id, null), null, null))
                .withShared(shared);
        return Resource.of(disk, new Scalar(64_000));
    }

    @Test
    void addsScalarsInThousandthsWithoutRounding() {
        Resources sum = Resources.empty();
        for (int i = 0; i < 10; i++) {
            sum = sum.add(parse("cpus:0.1"));
        }
        assertThat(sum).isEqualTo(parse("cpus:1"));
    }

    @Test
    void joinsRangesAndSets() {
        assertThat(parse("ports:[1-4, 8-9]").add(parse("ports:[5-7]"))).isEqualTo(parse("ports:[1-9]"));
        assertThat(parse("x:{a,b}").add(parse("x:{c}"))).isEqualTo(parse("x:{a,b,c}"));
    }

    @Test
    void cutsRangesAndSets() {
        assertThat(parse("ports:[1-9]").subtract(parse("ports:[3-3, 5-6]"))).isEqualTo(parse("ports:[1-2, 4-4, 7-9]"));
        assertThat(parse("x:{a,b,c}").subtract(parse("x:{b}"))).isEqualTo(parse("x:{a,c}"));
    }

    @Test
    void leavesOutWhatIsEmpty() {
        assertThat(parse("cpus:1;mem:5").subtract(parse("cpus:1"))).isEqualTo(parse("mem:5"));
        assertThat(parse("cpus:0;ports:[];x:{}").isEmpty()).isTrue();
    }

    @Test
    void refusesToTakeMoreThanThereIs() {
        assertThatThrownBy(() -> parse("cpus:1").subtract(parse("cpus:1.001")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot take cpus:1.001 from cpus:1: it does not hold that");
        assertThat(parse("cpus:1;mem:3").subtractAvailable(parse("cpus:2;disk:1;mem:1")))
                .isEqualTo(parse("mem:2"));
    }

    @Test
    void containsItsPartsOnly() {
        Resources all = parse("cpus:4;mem:100;ports:[1-10]");

        assertThat(all.contains(parse("cpus:4;ports:[2-3, 10-10]"))).isTrue();
        assertThat(all.contains(Resources.empty())).isTrue();
        assertThat(all.contains(parse("cpus:4.001"))).isFalse();
        assertThat(all.contains(parse("ports:[10-11]"))).isFalse();
        assertThat(all.contains(parse("gpus:1"))).isFalse();
        assertThat(all.contains(parse("cpus(ads):1"))).isFalse();
    }

    @Test
    void keepsReservationsApart() {
        Resources mixed = parse("cpus:4;cpus(ads):2;mem:10");

        assertThat(mixed.size()).isEqualTo(3);
        assertThat(mixed.unreserved()).isEqualTo(parse("cpus:4;mem:10"));
        assertThat(mixed.reserved()).isEqualTo(parse("cpus(ads):2"));
        assertThat(mixed.toUnreserved()).isEqualTo(parse("cpus:6;mem:10"));
        assertThat(mixed.thousandths("cpus")).isEqualTo(6000);
    }

    @Test
    void givesReservedResourcesToTheRoleAndThoseBelow() {
        Resources mixed = parse("cpus:4;cpus(ads):2");

        assertThat(mixed.allocatableTo(ADS)).isEqualTo(mixed);
        assertThat(mixed.allocatableTo(ADS_WEB)).isEqualTo(mixed);
        assertThat(mixed.allocatableTo(new Role("adsweb"))).isEqualTo(parse("cpus:4"));
        assertThat(mixed.allocatableTo(Role.ANY)).isEqualTo(parse("cpus:4"));
    }

    @Test
    void stacksReservationsAndTakesThemBack() {
        Resources once = parse("cpus:4").pushReservation(Reservation.dynamic(ADS));
        Resources twice = once.pushReservation(Reservation.dynamic(ADS_WEB));

        assertThat(twice.allocatableTo(ADS).isEmpty()).isTrue();
        assertThat(twice.unrefined().isEmpty()).isTrue();
        assertThat(twice.popReservation()).isEqualTo(once);
        assertThat(once.popReservation()).isEqualTo(parse("cpus:4"));
        assertThatThrownBy(() -> twice.pushReservation(Reservation.dynamic(ADS)))
                .hasMessageContaining("cannot refine");
        assertThatThrownBy(() -> once.pushReservation(Reservation.fixed(ADS_WEB)))
                .hasMessageContaining("cannot refine");
        assertThatThrownBy(() -> Reservation.dynamic(Role.ANY)).hasMessageContaining("role '*'");
    }

    @Test
    void tellsReservationsApartByPrincipalAndLabelsInAnyOrder() {
        Label x = new Label("x", null);
        Label y = new Label("y", "1");
        Resources a =
                parse("cpus:1").pushReservation(new Reservation(Reservation.Type.DYNAMIC, ADS, "joe", List.of(x, y)));
        Resources b =
                parse("cpus:1").pushReservation(new Reservation(Reservation.Type.DYNAMIC, ADS, "joe", List.of(y, x)));
        Resources c = parse("cpus:1").pushReservation(new Reservation(Reservation.Type.DYNAMIC, ADS, "ann", List.of()));

        assertThat(a.add(b).size()).isEqualTo(1);
        assertThat(a.add(c).size()).isEqualTo(2);
    }

    @Test
    void carriesTheRoleItIsAllocatedTo() {
        Resources free = parse("cpus:4;mem:10;cpus(ads):1");
        Resources allocated = free.allocate(ADS).add(free.allocate(ADS_WEB));

        assertThat(allocated.size()).isEqualTo(6);
        assertThat(allocated.allocations().keySet()).containsExactly(ADS, ADS_WEB);
        assertThat(allocated.allocations().get(ADS)).isEqualTo(free.allocate(ADS));
        assertThat(allocated.unallocate()).isEqualTo(free.add(free));
        assertThat(allocated.allocate(ADS)).isEqualTo(free.add(free).allocate(ADS));
    }

    @Test
    void keepsVolumesWhole() {
        Resources one = Resources.of(volume("v1", false));
        Resources two = one.add(Resources.of(volume("v2", false)));

        assertThat(two.size()).isEqualTo(2);
        assertThat(two.subtract(one)).isEqualTo(Resources.of(volume("v2", false)));
        assertThat(two.thousandths("disk")).isEqualTo(128_000);
        assertThat(two.toUnreserved()).isEqualTo(parse("disk:128"));
    }

    @Test
    void countsTheUsersOfASharedVolume() {
        Resources volume = Resources.of(volume("v1", true));
        Resources twice = volume.add(volume);

        assertThat(twice.size()).isEqualTo(1);
        assertThat(twice.contains(volume)).isTrue();
        assertThat(volume.contains(twice)).isFalse();
        assertThat(twice.subtract(volume)).isEqualTo(volume);
        assertThat(twice.thousandths("disk")).isEqualTo(64_000);
        assertThat(twice.nonShared().isEmpty()).isTrue();
    }

    @Test
    void keepsRevocableResourcesApart() {
        ResourceIdentity revocable =
                ResourceIdentity.of("cpus", ValueType.SCALAR).withRevocable(true);
        Resources both = parse("cpus:1").add(Resource.of(revocable, new Scalar(500)));

        assertThat(both.nonRevocable()).isEqualTo(parse("cpus:1"));
        assertThat(both.revocable().thousandths("cpus")).isEqualTo(500);
        assertThatThrownBy(() -> revocable.withReservations(List.of(Reservation.dynamic(ADS))))
                .hasMessageContaining("revocable");
    }

    @Test
    void refusesIdentitiesThatMakeNoSense() {
        ResourceIdentity cpus = ResourceIdentity.of("cpus", ValueType.SCALAR);
        ResourceIdentity disk = ResourceIdentity.of("disk", ValueType.SCALAR);
        DiskInfo persistent = new DiskInfo(new DiskInfo.Persistence("v", null), null, null);

        assertThatThrownBy(() -> cpus.withDisk(persistent)).hasMessageContaining("only disk");
        assertThatThrownBy(() -> disk.withDisk(persistent)).hasMessageContaining("reserved");
        assertThatThrownBy(() -> disk.withShared(true)).hasMessageContaining("persistent volumes");
        assertThatThrownBy(() -> ResourceIdentity.of("cpus", ValueType.SET)).hasMessageContaining("of type SCALAR");
        assertThatThrownBy(() -> ResourceIdentity.of("a b", ValueType.SET)).hasMessageContaining("position 1");
        assertThatThrownBy(() -> Resource.of(cpus, Ranges.of(1, 2))).hasMessageContaining("type SCALAR");
        assertThatThrownBy(() -> Resource.of("gpus", new Scalar(1500))).hasMessageContaining("whole number");
    }

    @Test
    void isEqualWhateverTheOrderItWasBuiltIn() {
        assertThat(parse("mem:1;cpus:2")).isEqualTo(parse("cpus:2;mem:1")).hasSameHashCodeAs(parse("cpus:2;mem:1"));
    }

    @Test
    void sumsQuantitiesByName() {
        Quantities quantities =
                parse("cpus:4;cpus(ads):0.5;ports:[1-10];x:{a,b}").quantities();

        assertThat(quantities.toString()).isEqualTo("cpus:4.5;ports:10;x:2");
        assertThat(quantities.contains(Quantities.parse("cpus:4.5"))).isTrue();
        assertThat(quantities.contains(Quantities.parse("cpus:4.501"))).isFalse();
        assertThat(quantities.contains(Quantities.parse("mem:1"))).isFalse();
        assertThat(quantities.add(Quantities.parse("cpus:1;mem:3")).thousandths("cpus"))
                .isEqualTo(5500);
        assertThat(quantities.subtractAvailable(Quantities.parse("cpus:9")).thousandths("cpus"))
                .isZero();
    }
}
