// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.drf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.support.HierarchicalOptions;
import org.tepui.api.configuration.ConfigurationException;

class DrfSettingsTest {
    @Test
    void hasDefaultsForEverything() {
        DrfSettings settings = DrfSettings.read(Map.of());

        assertThat(settings.excluded()).isEmpty();
        assertThat(settings.options()).isEqualTo(HierarchicalOptions.defaults());
        assertThat(settings.options().allocationInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.options().minimumAllocatable()).hasToString("[cpus:0.01, mem:32]");
        assertThat(settings.options().keepGpus()).isTrue();
        assertThat(settings.options().reoffersPerSecond()).isEqualTo(10_000);
    }

    @Test
    void readsEverySetting() {
        DrfSettings settings = DrfSettings.read(Map.of(
                "allocation.interval", "250ms",
                "min.allocatable.resources", "cpus:1;mem:64|disk:5",
                "filter.gpu.resources", "false",
                "reoffers.per.second", "77",
                "fair.sharing.excluded.resource.names", "gpus, disk"));

        assertThat(settings.excluded()).containsExactly("disk", "gpus");
        assertThat(settings.options().allocationInterval()).isEqualTo(Duration.ofMillis(250));
        assertThat(settings.options().minimumAllocatable()).hasToString("[cpus:1;mem:64, disk:5]");
        assertThat(settings.options().keepGpus()).isFalse();
        assertThat(settings.options().reoffersPerSecond()).isEqualTo(77);
    }

    @Test
    void takesAnyOfferWhereNoMinimumIsGiven() {
        assertThat(DrfSettings.read(Map.of("min.allocatable.resources", ""))
                        .options()
                        .minimumAllocatable())
                .isEmpty();
    }

    @Test
    void namesEverySettingAtFault() {
        Map<String, String> wrong = Map.of(
                "allocation.interval", "5parsecs",
                "min.allocatable.resources", "cpus:x",
                "filter.gpu.resources", "maybe",
                "reoffers.per.second", "0",
                "alocation.interval", "1s");

        assertThatThrownBy(() -> DrfSettings.read(wrong))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("allocation.interval=5parsecs: a duration from 10ms to 1h is allowed")
                .hasMessageContaining("min.allocatable.resources=cpus:x: bundles such as cpus:0.01|mem:32 are allowed")
                .hasMessageContaining("filter.gpu.resources=maybe: true or false is allowed")
                .hasMessageContaining("reoffers.per.second=0: a whole number from 1 to 1000000 is allowed")
                .hasMessageContaining(
                        "alocation.interval=1s: this key is not known; did you mean allocation.interval?");
    }
}
