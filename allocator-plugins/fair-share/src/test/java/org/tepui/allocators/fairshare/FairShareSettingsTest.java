// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.fairshare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tepui.allocator.support.HierarchicalOptions;
import org.tepui.api.Role;
import org.tepui.api.configuration.ConfigurationException;

class FairShareSettingsTest {
    @Test
    void hasDefaultsForEverything() {
        FairShareSettings settings = FairShareSettings.read(Map.of());

        assertThat(settings.options()).isEqualTo(HierarchicalOptions.defaults());
        assertThat(settings.halfLife()).isEqualTo(Duration.ofDays(7));
        assertThat(settings.minimumShares().isEmpty()).isTrue();
        assertThat(settings.usageWeights().isEmpty()).isTrue();
    }

    @Test
    void readsEverySetting() {
        FairShareSettings settings = FairShareSettings.read(Map.of(
                "half.life", "36h",
                "minimum.shares", "a:0.25, b/c:cpus 4 mem 0.5,*:0.1",
                "usage.weights", "cpus:1,mem:0.5/GB, disk:1/TB,gpus:0",
                "allocation.interval", "250ms",
                "min.allocatable.resources", "cpus:1",
                "filter.gpu.resources", "false",
                "reoffers.per.second", "77"));

        assertThat(settings.halfLife()).isEqualTo(Duration.ofHours(36));
        assertThat(settings.minimumShares().of(new Role("a"))).hasToString("0.25");
        assertThat(settings.minimumShares().of(new Role("b/c"))).hasToString("cpus:4;mem:0.5");
        assertThat(settings.minimumShares().of(Role.ANY)).hasToString("0.1");
        assertThat(settings.minimumShares().of(new Role("c"))).isNull();
        assertThat(settings.usageWeights().of("cpus")).isEqualTo(1);
        assertThat(settings.usageWeights().of("mem")).isEqualTo(0.5 / 1024);
        assertThat(settings.usageWeights().of("disk")).isEqualTo(1.0 / 1024 / 1024);
        assertThat(settings.usageWeights().of("gpus")).isZero();
        assertThat(settings.usageWeights().of("nics")).isZero();
        assertThat(settings.options().allocationInterval()).isEqualTo(Duration.ofMillis(250));
        assertThat(settings.options().minimumAllocatable()).hasToString("[cpus:1]");
        assertThat(settings.options().keepGpus()).isFalse();
        assertThat(settings.options().reoffersPerSecond()).isEqualTo(77);
    }

    @Test
    void givesRolesAboveWhatThoseBelowHaveTogether() {
        MinimumShares shares = FairShareSettings.read(
                        Map.of("minimum.shares", "a/b/c:0.2,a/d:0.1,a/e:cpus 4,f:0.5,f/g:0.3,f/g/h:0.3"))
                .minimumShares();

        assertThat(shares.of(new Role("a/b"))).hasToString("0.2");
        assertThat(shares.of(new Role("a"))).hasToString("0.3 and cpus:4");
        assertThat(shares.of(new Role("f"))).hasToString("0.5");
        assertThat(shares.of(new Role("f/g"))).hasToString("0.3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ads            | 'ads' has no colon",
                "ads:           | '' is not a part of the cluster: more than 0, at most 1",
                "ads:0          | '0' is not a part of the cluster",
                "ads:1.5        | '1.5' is not a part of the cluster",
                "ads:NaN        | 'NaN' is not a part of the cluster",
                "ads:much       | 'much' is not a part of the cluster",
                "a/:0.1         | role 'a/' is not allowed",
                "ads:0.1,ads:0.2 | role ads is named twice",
                "ads:cpus 4 mem | 'cpus 4 mem' is not names and amounts in turns",
                "ads:cpus 4 cpus 5 | 'cpus 4 cpus 5' is not names and amounts in turns",
                "ads:cpus 0     | 'cpus 0' is not names and amounts in turns",
                "ads:cpus -1    | '-1' is not allowed",
                "a:0.6,b:0.6    | all roles together have 1.2 of the cluster, and at most 1 is allowed",
                "a:0.2,a/b:0.3  | role a has 0.2, and the roles below it together 0.3",
                "a:cpus 4,a/b:cpus 3,a/c:cpus 2 | role a has cpus:4, and the roles below it together cpus:5",
            })
    void refusesMinimumSharesThatMakeNoSense(String value, String reason) {
        assertThatThrownBy(() -> FairShareSettings.read(Map.of("minimum.shares", value)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("minimum.shares=" + value + ": roles with parts of the cluster or amounts")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cpus           | 'cpus' is none: a number is 0 to 1000000000, its unit MB, GB or TB",
                "cpus:          | 'cpus:' is none",
                "cpus:-1        | 'cpus:-1' is none",
                "cpus:NaN       | 'cpus:NaN' is none",
                "mem:1/EB       | 'mem:1/EB' is none",
                ":1             | ':1' is none",
                "cpus:1,cpus:2  | cpus is named twice",
                "cpus:0,mem:0   | one at least has to count more than zero",
            })
    void refusesWeightsThatMakeNoSense(String value, String reason) {
        assertThatThrownBy(() -> FairShareSettings.read(Map.of("usage.weights", value)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("usage.weights=" + value + ": resources with numbers, such as cpus:1,mem:0.25/GB")
                .hasMessageContaining(reason);
    }

    @Test
    void namesEverySettingAtFault() {
        Map<String, String> wrong = Map.of(
                "half.life", "59s",
                "minimum.shares", "a",
                "usage.weights", "b",
                "allocation.interval", "5parsecs",
                "min.allocatable.resources", "cpus:x",
                "filter.gpu.resources", "maybe",
                "reoffers.per.second", "0",
                "half.lives", "1d");

        assertThatThrownBy(() -> FairShareSettings.read(wrong))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("half.life=59s: a duration from 1min to 52w is allowed")
                .hasMessageContaining("minimum.shares=a: ")
                .hasMessageContaining("usage.weights=b: ")
                .hasMessageContaining("allocation.interval=5parsecs: ")
                .hasMessageContaining("min.allocatable.resources=cpus:x: ")
                .hasMessageContaining("filter.gpu.resources=maybe: ")
                .hasMessageContaining("reoffers.per.second=0: ")
                .hasMessageContaining("half.lives=1d: this key is not known; did you mean half.life?");
    }
}
