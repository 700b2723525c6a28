// SPDX-License-Identifier: Apache-2.0
package org.tepui.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.tepui.api.resources.Quantities;

class QuotasTest {
    private static final Role TEAM = new Role("research/team");

    private static Quota quota(String guarantees, Map<String, Long> limits) {
        return new Quota(Quantities.parse(guarantees), new TreeMap<>(limits));
    }

    @Test
    void aRoleWithoutAQuotaIsNeitherSureOfAnythingNorLimited() {
        assertThat(Quotas.none().of(TEAM)).isEqualTo(Quota.NONE);
        assertThat(Quotas.none().isEmpty()).isTrue();
    }

    @Test
    void aLimitOfZeroIsALimit() {
        Quota quota = quota("mem:64", Map.of("cpus", 0L));
        assertThat(quota.isNone()).isFalse();
        assertThat(Quotas.none().with(Map.of(TEAM, quota)).of(TEAM).limits()).containsEntry("cpus", 0L);
    }

    @Test
    void aLimitBelowTheGuaranteeIsRefusedNamingBoth() {
        assertThatThrownBy(() -> quota("cpus:4", Map.of("cpus", 3500L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("limit 3.5 of 'cpus'")
                .hasMessageContaining("at least the guarantee, 4");
    }

    @Test
    void aQuotaThatSaysNothingTakesTheRolesQuotaAway() {
        Quotas quotas = Quotas.none().with(Map.of(TEAM, quota("cpus:4", Map.of())));
        assertThat(quotas.byRole()).containsOnlyKeys(TEAM);
        assertThat(quotas.with(Map.of(TEAM, Quota.NONE))).isEqualTo(Quotas.none());
    }
}
