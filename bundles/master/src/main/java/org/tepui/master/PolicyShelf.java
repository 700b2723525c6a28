// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.tepui.allocator.AllocatorFactory;
import org.tepui.api.configuration.NearestName;

/** The policies that are installed. Outlives the time for which a master leads. */
final class PolicyShelf {
    private final List<PolicyOffering> offerings = new ArrayList<>();

    void add(PolicyOffering offering) {
        offerings.add(offering);
    }

    Optional<PolicyOffering> remove(AllocatorFactory factory) {
        Optional<PolicyOffering> found =
                offerings.stream().filter(o -> o.factory() == factory).findFirst();
        found.ifPresent(offering -> offerings.removeIf(o -> o.isSame(offering)));
        return found;
    }

    boolean contains(PolicyOffering offering) {
        return offerings.stream().anyMatch(o -> o.isSame(offering));
    }

    /** All of them, by name; of one name the one installed last first. */
    List<PolicyOffering> all() {
        List<PolicyOffering> sorted = new ArrayList<>(offerings);
        // of those from one bundle the one that came last is first
        Collections.reverse(sorted);
        sorted.sort(Comparator.comparing(PolicyOffering::name)
                .thenComparing(
                        Comparator.comparingLong(PolicyOffering::bundleId).reversed()));
        return sorted;
    }

    /** The one of that name, and version if there is one, which was installed last and passes the filter. */
    Optional<PolicyOffering> find(String name, Optional<String> version, Predicate<PolicyOffering> filter) {
        return all().stream()
                .filter(offering -> offering.name().equals(name)
                        && version.map(offering.version()::equals).orElse(true)
                        && filter.test(offering))
                .findFirst();
    }

    /** Why there is none of that name and version, and which there are. */
    String missing(String name, Optional<String> version) {
        String wanted = name + version.map(v -> " " + v).orElse("");
        if (offerings.isEmpty()) {
            return "there is no allocation policy '" + wanted + "': none is installed";
        }
        SortedSet<String> names =
                offerings.stream().map(PolicyOffering::name).collect(Collectors.toCollection(TreeSet::new));
        String meant = names.contains(name)
                ? ""
                : NearestName.of(name, names)
                        .map(near -> ", did you mean '" + near + "'?")
                        .orElse("");
        String installed = all().stream().map(PolicyOffering::title).distinct().collect(Collectors.joining(", "));
        return "there is no allocation policy '" + wanted + "'" + (meant.isEmpty() ? ":" : meant) + " installed "
                + (offerings.size() == 1 ? "is " : "are ") + installed;
    }
}
