// SPDX-License-Identifier: Apache-2.0
package org.tepui.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.Allocation;
import org.tepui.allocator.FrameworkProfile;
import org.tepui.api.AgentId;
import org.tepui.api.FrameworkId;
import org.tepui.api.Role;

/** A framework is left in peace for the roles in which it asked for that, and for no other. */
abstract class SuppressBehaviours extends PolicyPart {
    @Test
    void isSilentForSuppressedRolesUntilRevived() {
        cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "a", "b");
        cluster.suppress(framework);
        cluster.advance(Duration.ofSeconds(2));
        assertThat(cluster.offers()).isEmpty();

        cluster.revive(framework, "b");
        assertThat(cluster.offer().role()).isEqualTo(new Role("b"));
    }

    @Test
    void startsSilentForRolesThatAreSuppressedAtOnce() {
        cluster.addAgent("s1", AGENT);
        FrameworkProfile profile = AllocatorFixture.frameworkProfile("f1", List.of("a", "b"));
        cluster.addFramework(profile, true, Set.of(new Role("a"), new Role("b")));
        assertThat(cluster.offers()).isEmpty();

        cluster.updateFramework(profile, Set.of(new Role("a")));
        assertThat(cluster.offer().role()).isEqualTo(new Role("b"));
    }

    @Test
    void offersToOthersWhileOneIsSuppressed() {
        AgentId agent = cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "a");
        Allocation offer = cluster.offer();
        cluster.suppress(framework);
        cluster.addFramework("f2", "a");

        // what it has stays its own until it gives that back
        assertThat(cluster.offers()).isEmpty();
        cluster.finish(framework, agent, offer.resources());
        assertThat(next()).isEqualTo("f2");
    }

    @Test
    void suppressesOneRoleAndNotTheOther() {
        FrameworkId framework = cluster.addFramework("f1", "a", "b");
        cluster.suppress(framework, "a");
        for (int i = 0; i < 6; i++) {
            cluster.addAgent("s" + i, AGENT);
            assertThat(cluster.offer().role()).isEqualTo(new Role("b"));
        }
        cluster.suppress(framework, "b");
        cluster.addAgent("s7", AGENT);
        assertThat(cluster.offers()).isEmpty();
    }

    @Test
    void needsOneRevivalHoweverOftenItWasSuppressed() {
        cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "a");
        cluster.decline(cluster.offer(), Duration.ZERO);
        cluster.suppress(framework);
        cluster.suppress(framework, "a");
        cluster.advance(ROUND);
        assertThat(cluster.offers()).isEmpty();

        cluster.revive(framework);
        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void revivesAllRolesAtOnce() {
        FrameworkId framework = cluster.addFramework("f1", "a", "b");
        cluster.suppress(framework);
        cluster.addAgent("s1", "cpus(a):1;mem(a):100;cpus(b):1;mem(b):100");
        assertThat(cluster.offers()).isEmpty();

        cluster.revive(framework);
        assertThat(cluster.offers())
                .extracting(Allocation::role)
                .containsExactlyInAnyOrder(new Role("a"), new Role("b"));
    }

    @Test
    void ignoresRolesThatAFrameworkDoesNotHave() {
        cluster.addAgent("s1", AGENT);
        FrameworkId framework = cluster.addFramework("f1", "a");
        cluster.suppress(framework, "b");
        assertThat(cluster.offers()).hasSize(1);

        // and does not remember them for later
        update(AllocatorFixture.frameworkProfile("f1", List.of("b")));
        cluster.addAgent("s2", AGENT);
        assertThat(cluster.offer().role()).isEqualTo(new Role("b"));
    }

    @Test
    void forgetsThatItWasSuppressedWhenItComesAnew() {
        FrameworkId framework = cluster.addFramework("f1", "a");
        cluster.suppress(framework);
        cluster.addAgent("s1", AGENT);
        assertThat(cluster.offers()).isEmpty();

        cluster.removeFramework(framework);
        cluster.addFramework("f1", "a");
        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void staysSuppressedOverALostConnection() {
        FrameworkId framework = cluster.addFramework("f1", "a");
        cluster.suppress(framework);
        cluster.setActive(framework, false);
        cluster.setActive(framework, true);
        cluster.addAgent("s1", AGENT);
        cluster.advance(ROUND);
        assertThat(cluster.offers()).isEmpty();

        cluster.revive(framework);
        assertThat(cluster.offers()).hasSize(1);
    }

    @Test
    void revivesWhileItIsNotConnectedWithoutOffers() {
        FrameworkId framework = cluster.addFramework("f1", "a");
        cluster.suppress(framework);
        cluster.setActive(framework, false);
        cluster.addAgent("s1", AGENT);
        cluster.revive(framework);
        assertThat(cluster.offers()).isEmpty();

        cluster.setActive(framework, true);
        assertThat(cluster.offers()).hasSize(1);
    }
}
