// SPDX-License-Identifier: Apache-2.0
package org.tepui.allocators.priority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.support.HierarchicalOptions;
import org.tepui.api.Role;
import org.tepui.api.configuration.ConfigurationException;

class PrioritySettingsTest {
    @Test
    void hasDefaultsForEverything() {
        PrioritySettings settings = PrioritySettings.read(Map.of());

        assertThat(settings.options()).isEqualTo(HierarchicalOptions.defaults());
        assertThat(settings.classes().levels()).isEqualTo(1);
        assertThat(settings.classes().of(new Role("a/b"))).isZero();
        assertThat(settings.guarantees()).isEmpty();
        assertThat(settings.agingInterval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.mode()).isEqualTo(PreemptionMode.OFF);
        assertThat(settings.preemption().patience()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.preemption().grace()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.preemption().budget()).isEqualTo(10);
        assertThat(settings.preemption().interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.preemption().minimum()).isEmpty();
    }

    @Test
    void readsEverySetting() {
        Map<String, String> given = new HashMap<>(Map.of(
                "allocation.interval", "250ms",
                "min.allocatable.resources", "cpus:1;mem:64|disk:5",
                "filter.gpu.resources", "false",
                "reoffers.per.second", "77",
                "classes", "prod:1000, batch:-100,prod/web:2000"));
        given.putAll(Map.of(
                "guarantees", "batch=cpus:10;mem:4096, prod=cpus:1",
                "aging.interval", "10s",
                "preemption", "dry-run",
                "preemption.wait", "0s",
                "preemption.grace", "1min",
                "preemption.budget", "3",
                "preemption.interval", "100ms",
                "preemption.minimum", "cpus:1|mem:100"));
        PrioritySettings settings = PrioritySettings.read(given);

        assertThat(settings.options().allocationInterval()).isEqualTo(Duration.ofMillis(250));
        assertThat(settings.options().minimumAllocatable()).hasToString("[cpus:1;mem:64, disk:5]");
        assertThat(settings.options().keepGpus()).isFalse();
        assertThat(settings.options().reoffersPerSecond()).isEqualTo(77);
        assertThat(settings.classes().levels()).isEqualTo(4);
        assertThat(settings.classes().of(new Role("batch"))).isEqualTo(-100);
        assertThat(settings.classes().of(new Role("prod/web/shop"))).isEqualTo(2000);
        assertThat(settings.guarantees()).hasToString("{batch=cpus:10;mem:4096, prod=cpus:1}");
        assertThat(settings.agingInterval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.mode()).isEqualTo(PreemptionMode.DRY_RUN);
        assertThat(settings.preemption().patience()).isZero();
        assertThat(settings.preemption().grace()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.preemption().budget()).isEqualTo(3);
        assertThat(settings.preemption().interval()).isEqualTo(Duration.ofMillis(100));
        assertThat(settings.preemption().minimum()).hasToString("[cpus:1, mem:100]");
    }

    @Test
    void namesEverySettingAtFault() {
        Map<String, String> wrong = new HashMap<>(Map.of(
                "allocation.interval", "5parsecs",
                "filter.gpu.resources", "maybe",
                "classes", "prod,batch:1000001,a:1,a:2,-x:3",
                "guarantees", "batch=cpus:x,a/b=cpus:1,c=cpus:1,c=cpus:2,d=,e=cpus(e):1",
                "aging.interval", "0s"));
        wrong.putAll(Map.of(
                "preemption", "perhaps",
                "preemption.wait", "2d",
                "preemption.grace", "-1s",
                "preemption.budget", "0",
                "preemption.interval", "1ms",
                "preemption.minimum", "many",
                "preemption.margin", "1s"));

        assertThatThrownBy(() -> PrioritySettings.read(wrong))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("allocation.interval=5parsecs: a duration from 10ms to 1h is allowed")
                .hasMessageContaining("filter.gpu.resources=maybe: true or false is allowed")
                .hasMessageContaining("classes=prod,batch:1000001,a:1,a:2,-x:3: ROLE:CLASS with a whole number from"
                        + " -1000000 to 1000000 is allowed, such as prod:1000; 'prod' is not")
                .hasMessageContaining("'batch:1000001' is not")
                .hasMessageContaining("one class for a role is allowed; 'a' has several")
                .hasMessageContaining("'-x:3' is not")
                .hasMessageContaining(
                        "ROLE=RESOURCES is allowed, such as batch=cpus:10;mem:4096; 'batch=cpus:x' is not")
                .hasMessageContaining("and quotas are for others; 'a/b' is below another")
                .hasMessageContaining("one guarantee for a role is allowed; 'c' has several")
                .hasMessageContaining("'d=' is not")
                .hasMessageContaining("'e=cpus(e):1' is not")
                .hasMessageContaining("aging.interval=0s: a duration from 1s to 1w is allowed")
                .hasMessageContaining("preemption=perhaps: one of off, dry-run, on is allowed")
                .hasMessageContaining("preemption.wait=2d: a duration from 0s to 1d is allowed")
                .hasMessageContaining("preemption.grace=-1s: a duration from 0s to 1h is allowed")
                .hasMessageContaining("preemption.budget=0: a whole number from 1 to 10000 is allowed")
                .hasMessageContaining("preemption.interval=1ms: a duration from 100ms to 1h is allowed")
                .hasMessageContaining("preemption.minimum=many: bundles such as cpus:0.01|mem:32 are allowed")
                .hasMessageContaining("preemption.margin=1s: this key is not known");
    }
}
