// SPDX-License-Identifier: Apache-2.0
package org.tepui.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoleTest {
    @Test
    void takesNamesThatMesosTakes() {
        for (String name : List.of("*", "a", "foo.bar", "a-b", "eng/web/prod", ".hidden", "a*b", "...", "x:y")) {
            assertThat(new Role(name).name()).isEqualTo(name);
        }
    }

    @Test
    void refusesNamesThatBreakTheRules() {
        List<String> refused = List.of(
                "",
                ".",
                "..",
                "-a",
                "a b",
                "a\tb",
                "a\bb",
                "/a",
                "a/",
                "a//b",
                "a/./b",
                "a/..",
                "a/-b",
                "a/*",
                "*/a",
                "a\u0000",
                "x".repeat(256));
        for (String name : refused) {
            assertThatThrownBy(() -> new Role(name))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not allowed: ");
        }
    }

    @Test
    void doesNotRepeatAHugeNameInItsMessage() {
        assertThatThrownBy(() -> new Role("x".repeat(10_000_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    @Test
    void formsATreeByItsName() {
        Role web = new Role("eng/web");

        assertThat(web.parent()).isEqualTo(new Role("eng"));
        assertThat(new Role("eng").parent()).isNull();
        assertThat(web.leaf()).isEqualTo("web");
        assertThat(new Role("eng").isAncestorOf(web)).isTrue();
        assertThat(new Role("eng").isAncestorOf(new Role("engine"))).isFalse();
        assertThat(web.isAncestorOf(web)).isFalse();
        assertThat(web.covers(web)).isTrue();
        assertThat(Role.ANY.isAncestorOf(web)).isFalse();
    }

    @Test
    void hasAWeightOfOneUnlessGivenAnother() {
        Weights weights = Weights.none().with(Map.of(new Role("a"), 2.5));

        assertThat(weights.of(new Role("a"))).isEqualTo(2.5);
        assertThat(weights.of(new Role("b"))).isEqualTo(1.0);
    }

    @Test
    void refusesWeightsThatAreNoShares() {
        for (double weight : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e10, 1e-7}) {
            assertThatThrownBy(() -> Weights.none().with(Map.of(new Role("a"), weight)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("of role 'a'");
        }
    }
}
