// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.tepui.api.Role;

/** Laws of the arithmetic, on random bundles. A failure names its seed. */
class ResourcesPropertiesTest {
    private static final int SEEDS = 3000;
    private static final String[] NAMES = {"cpus", "mem", "disk", "zeta"};
    private static final Role[] ROLES = {new Role("a"), new Role("a/b"), new Role("c")};

    private static ResourceIdentity identity(Random random, String name, ValueType type) {
        ResourceIdentity identity = ResourceIdentity.of(name, type);
        if (random.nextInt(3) == 0) {
            identity = identity.withReservations(List.of(Reservation.dynamic(ROLES[random.nextInt(3)])));
            if (name.equals("disk") && random.nextBoolean()) {
                String id = "v" + random.nextInt(3);
                identity = identity.withDisk(new DiskInfo(new DiskInfo.Persistence(id, null), null, null))
                        .withShared(random.nextBoolean());
            }
        } else if (random.nextInt(4) == 0) {
            identity = identity.withRevocable(true);
        }
        return random.nextInt(4) == 0 ? identity.allocatedTo(ROLES[random.nextInt(3)]) : identity;
    }

    /** Even members belong to one bundle and odd ones to the other, so that the unions of two bundles are disjoint. */
    private static Resources bundle(Random random, int parity) {
        List<Resource> resources = new ArrayList<>();
        int size = random.nextInt(8);
        for (int i = 0; i < size; i++) {
            switch (random.nextInt(5)) {
                case 0 -> {
                    TreeSet<Long> members = new TreeSet<>();
                    for (int m = random.nextInt(10); m > 0; m--) {
                        members.add(2L * random.nextInt(20) + parity);
                    }
                    long[] bounds = members.stream()
                            .flatMap(m -> List.of(m, m).stream())
                            .mapToLong(m -> m)
                            .toArray();
                    resources.add(Resource.of(identity(random, "ports", ValueType.RANGES), Ranges.of(bounds)));
                }
                case 1 -> {
                    TreeSet<String> items = new TreeSet<>();
                    for (int m = random.nextInt(4); m > 0; m--) {
                        items.add("i" + (2 * random.nextInt(5) + parity));
                    }
                    resources.add(Resource.of(identity(random, "names", ValueType.SET), ItemSet.of(items)));
                }
                default -> {
                    String name = NAMES[random.nextInt(NAMES.length)];
                    ResourceIdentity identity = identity(random, name, ValueType.SCALAR);
                    long amount = identity.isIndivisible() ? 64_000 : random.nextInt(5000);
                    resources.add(Resource.of(identity, new Scalar(amount)));
                }
            }
        }
        return Resources.of(resources);
    }

    @Test
    void whatIsAddedCanBeTakenAgain() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Resources a = bundle(random, 0);
            Resources b = bundle(random, 1);
            Resources sum = a.add(b);

            assertThat(sum).as("seed %d", seed).isEqualTo(b.add(a));
            assertThat(sum.subtract(b)).as("seed %d", seed).isEqualTo(a);
            assertThat(sum.subtract(a)).as("seed %d", seed).isEqualTo(b);
            assertThat(sum.contains(a) && sum.contains(b)).as("seed %d", seed).isTrue();
            assertThat(sum.subtractAvailable(sum)).as("seed %d", seed).isEqualTo(Resources.empty());
        }
    }

    @Test
    void additionDoesNotDependOnBrackets() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Resources a = bundle(random, 0);
            Resources b = bundle(random, 0);
            Resources c = bundle(random, 1);

            assertThat(a.add(b).add(c)).as("seed %d", seed).isEqualTo(a.add(b.add(c)));
        }
    }

    @Test
    void containmentIsAnOrder() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Resources a = bundle(random, 0);
            Resources b = bundle(random, 0);

            assertThat(a.contains(b) && b.contains(a)).as("seed %d", seed).isEqualTo(a.equals(b));
            if (a.contains(b)) {
                assertThat(a.quantities().contains(b.quantities()))
                        .as("seed %d", seed)
                        .isTrue();
                assertThat(a.subtract(b).add(b)).as("seed %d", seed).isEqualTo(a);
            }
            assertThat(a.contains(a.subtractAvailable(b))).as("seed %d", seed).isTrue();
        }
    }

    @Test
    void partsMakeTheWhole() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Resources a = bundle(new Random(seed), 0);

            assertThat(a.unreserved().add(a.reserved())).as("seed %d", seed).isEqualTo(a);
            assertThat(a.revocable().add(a.nonRevocable())).as("seed %d", seed).isEqualTo(a);
            Resources free = a.unallocate();
            assertThat(free.allocate(ROLES[0]).unallocate()).as("seed %d", seed).isEqualTo(free);
            Resources divisible = free.filter(
                    r -> r.value() instanceof Scalar && !r.identity().isIndivisible());
            assertThat(divisible.popReservation().quantities())
                    .as("seed %d", seed)
                    .isEqualTo(divisible.quantities());
            assertThat(Resources.of(a.toList())).as("seed %d", seed).isEqualTo(a);
        }
    }

    @Test
    void rangesBehaveLikeSetsOfNumbers() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            boolean[] a = members(random);
            boolean[] b = members(random);
            Ranges ra = ranges(a);
            Ranges rb = ranges(b);
            boolean[] union = new boolean[a.length];
            boolean[] rest = new boolean[a.length];
            boolean contained = true;
            for (int i = 0; i < a.length; i++) {
                union[i] = a[i] || b[i];
                rest[i] = a[i] && !b[i];
                contained &= a[i] || !b[i];
            }
            assertThat(ra.plus(rb)).as("seed %d", seed).isEqualTo(ranges(union));
            assertThat(ra.minus(rb)).as("seed %d", seed).isEqualTo(ranges(rest));
            assertThat(ra.contains(rb)).as("seed %d", seed).isEqualTo(contained);
        }
    }

    private static boolean[] members(Random random) {
        boolean[] members = new boolean[24];
        int density = 1 + random.nextInt(9);
        for (int i = 0; i < members.length; i++) {
            members[i] = random.nextInt(10) < density;
        }
        return members;
    }

    private static Ranges ranges(boolean[] members) {
        long[] bounds = new long[2 * members.length];
        int size = 0;
        for (int i = members.length - 1; i >= 0; i--) {
            if (members[i]) {
                bounds[size++] = i;
                bounds[size++] = i;
            }
        }
        return Ranges.of(Arrays.copyOf(bounds, size));
    }
}
