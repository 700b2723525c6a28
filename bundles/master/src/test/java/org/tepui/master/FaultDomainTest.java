// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tepui.allocator.AgentProfile;
import org.tepui.api.FaultDomain;
import org.tepui.api.resources.Attribute;
import org.tepui.proto.convert.AttributeConversion;
import org.tepui.proto.convert.DomainConversion;
import org.tepui.proto.internal.AgentRefused;

/** Where agents stand and what they say of themselves reaches policies and offers. */
class FaultDomainTest {
    private static final FaultDomain HOME = new FaultDomain("eu", "eu-1");

    private static TestAgent agent(TestMaster master, FaultDomain domain) {
        TestAgent agent = new TestAgent(master, "host", 5051, "cpus:4");
        agent.info = agent.info.toBuilder()
                .setDomain(DomainConversion.toWire(domain))
                .addAllAttributes(AttributeConversion.toWire(Attribute.parse("rack:a1;slots:4")))
                .build();
        return agent;
    }

    private static AgentProfile known(TestMaster master, TestAgent agent) {
        master.time.settle();
        return master.policy.last().profile(agent.id());
    }

    private static TestMaster masterAt(FaultDomain domain) {
        return TestMaster.started(MasterConfig.defaults().in(Optional.of(domain)));
    }

    @Test
    void tellsPoliciesAndFrameworks() {
        TestMaster master = masterAt(HOME);
        TestAgent agent = agent(master, new FaultDomain("eu", "eu-2")).register();
        TestScheduler scheduler = master.scheduler();
        AgentProfile profile = known(master, agent);
        assertThat(profile.domain()).isEqualTo(new FaultDomain("eu", "eu-2"));
        assertThat(profile.remote()).isFalse();
        assertThat(profile.attributes()).isEqualTo(Attribute.parse("rack:a1;slots:4"));
        assertThat(scheduler.lastOffer().getDomain()).isEqualTo(agent.info.getDomain());
        assertThat(scheduler.lastOffer().getAttributesList()).isEqualTo(agent.info.getAttributesList());
    }

    @Test
    void anAgentInAnotherRegionIsRemote() {
        TestMaster master = masterAt(HOME);
        TestAgent agent = agent(master, new FaultDomain("us", "us-1")).register();
        assertThat(known(master, agent).remote()).isTrue();
        agent.disconnect();
        agent.reconnect();
        agent.reregister();
        assertThat(known(master, agent).remote()).isTrue();
        assertThat(known(master, master.agent("cpus:1")).remote()).isFalse();
    }

    @Test
    void refusesAgentsWithADomainWhereTheMasterHasNone() {
        TestMaster master = TestMaster.started();
        TestAgent agent = agent(master, HOME);
        agent.sendRegistration();
        assertThat(agent.connection.last(AgentRefused.class).getReason())
                .contains("the agent has a fault domain, but the master has none");
    }

    @Test
    void refusesADomainWithoutNames() {
        TestMaster master = masterAt(HOME);
        TestAgent agent = agent(master, HOME);
        agent.info = agent.info.toBuilder()
                .setDomain(agent.info.getDomain().toBuilder()
                        .setFaultDomain(agent.info.getDomain().getFaultDomain().toBuilder()
                                .setZone(org.tepui.v1.DomainInfo.FaultDomain.ZoneInfo.newBuilder()
                                        .setName(""))))
                .build();
        agent.sendRegistration();
        assertThat(agent.connection.last(AgentRefused.class).getReason()).contains("'domain' is not allowed");
    }
}
