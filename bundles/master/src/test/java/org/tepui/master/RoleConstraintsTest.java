// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.EnumSet;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tepui.allocator.AgentConstraint;
import org.tepui.allocator.AgentProfile;
import org.tepui.api.AgentCapability;
import org.tepui.api.AgentId;
import org.tepui.api.FaultDomain;
import org.tepui.api.Role;
import org.tepui.api.resources.Attribute;
import org.tepui.api.resources.Resources;
import org.tepui.v1.scheduler.AttributeConstraint;
import org.tepui.v1.scheduler.AttributeConstraint.Predicate;
import org.tepui.v1.scheduler.AttributeConstraint.Selector;
import org.tepui.v1.scheduler.OfferConstraints;

/** Offer constraints, with the meaning that Mesos gives them. */
class RoleConstraintsTest {
    private static final Role ROLE = new Role("eng");
    private static final AgentProfile AGENT = agent(new FaultDomain("eu", "eu-1"));

    private static AgentProfile agent(FaultDomain domain) {
        return new AgentProfile(
                new AgentId("a"),
                "host-7",
                Attribute.parse("rack:r1;rack:r2;slots:4"),
                EnumSet.noneOf(AgentCapability.class),
                domain,
                false,
                Resources.empty());
    }

    static AttributeConstraint constraint(String selector, String predicate, String text) {
        Selector.Builder what = Selector.newBuilder();
        if (selector.equals(selector.toUpperCase(java.util.Locale.ROOT))) {
            what.setPseudoattributeType(Selector.PseudoattributeType.valueOf(selector));
        } else {
            what.setAttributeName(selector);
        }
        Predicate.Builder is = Predicate.newBuilder();
        switch (predicate) {
            case "exists" -> is.setExists(Predicate.Exists.getDefaultInstance());
            case "not_exists" -> is.setNotExists(Predicate.NotExists.getDefaultInstance());
            case "equals" -> is.setTextEquals(Predicate.TextEquals.newBuilder().setValue(text));
            case "not_equals" ->
                is.setTextNotEquals(Predicate.TextNotEquals.newBuilder().setValue(text));
            case "matches" ->
                is.setTextMatches(Predicate.TextMatches.newBuilder().setRegex(text));
            case "not_matches" ->
                is.setTextNotMatches(Predicate.TextNotMatches.newBuilder().setRegex(text));
            default -> throw new IllegalArgumentException(predicate);
        }
        return AttributeConstraint.newBuilder()
                .setSelector(what)
                .setPredicate(is)
                .build();
    }

    static OfferConstraints.RoleConstraints.Group group(AttributeConstraint... constraints) {
        return OfferConstraints.RoleConstraints.Group.newBuilder()
                .addAllAttributeConstraints(java.util.List.of(constraints))
                .build();
    }

    static OfferConstraints forRole(String role, OfferConstraints.RoleConstraints.Group... groups) {
        return OfferConstraints.newBuilder()
                .putRoleConstraints(
                        role,
                        OfferConstraints.RoleConstraints.newBuilder()
                                .addAllGroups(java.util.List.of(groups))
                                .build())
                .build();
    }

    private static AgentConstraint parse(OfferConstraints.RoleConstraints.Group... groups) {
        return Objects.requireNonNull(
                RoleConstraints.parse(forRole("eng", groups)).get(ROLE));
    }

    @ParameterizedTest
    @CsvSource({
        "rack, exists, '', true",
        "rack, not_exists, '', false",
        "none, exists, '', false",
        "none, not_exists, '', true",
        "rack, equals, r1, true",
        "rack, equals, r2, false",
        "rack, not_equals, r1, false",
        "rack, not_equals, r2, true",
        "none, equals, r1, false",
        "none, not_equals, r1, true",
        "rack, matches, r[0-9], true",
        "rack, matches, r, false",
        "rack, not_matches, r[0-9], false",
        "none, matches, .*, false",
        "none, not_matches, .*, true",
        "slots, exists, '', true",
        "slots, equals, 5, true",
        "slots, not_equals, 4, true",
        "slots, matches, x, true",
        "slots, not_matches, .*, true",
        "HOSTNAME, equals, host-7, true",
        "HOSTNAME, matches, host-[1-6], false",
        "HOSTNAME, not_exists, '', false",
        "REGION, equals, eu, true",
        "ZONE, equals, eu-1, true",
        "ZONE, not_equals, eu-1, false"
    })
    void meansWhatMesosMeans(String selector, String predicate, String text, boolean admitted) {
        assertThat(parse(group(constraint(selector, predicate, text))).admits(AGENT))
                .isEqualTo(admitted);
    }

    @Test
    void anAgentWithoutDomainHasNoRegion() {
        AgentProfile nowhere = new AgentProfile(
                AGENT.id(), "h", AGENT.attributes(), AGENT.capabilities(), null, false, Resources.empty());
        assertThat(parse(group(constraint("REGION", "exists", ""))).admits(nowhere))
                .isFalse();
        assertThat(parse(group(constraint("ZONE", "not_equals", "x"))).admits(nowhere))
                .isTrue();
    }

    @Test
    void oneGroupHasToBeSatisfiedAsAWhole() {
        AttributeConstraint yes = constraint("rack", "exists", "");
        AttributeConstraint no = constraint("rack", "not_exists", "");
        assertThat(parse(group(yes, no), group(no)).admits(AGENT)).isFalse();
        assertThat(parse(group(yes, no), group(yes)).admits(AGENT)).isTrue();
    }

    @Test
    void isEqualToWhatAsksForTheSame() {
        AttributeConstraint matches = constraint("rack", "matches", "r.");
        assertThat(parse(group(matches))).isEqualTo(parse(group(matches))).hasSameHashCodeAs(parse(group(matches)));
        assertThat(parse(group(matches))).isNotEqualTo(parse(group(constraint("rack", "matches", "s."))));
    }

    @Test
    void refusesWhatSaysNothing() {
        refused(forRole("eng"), "'eng'", "'groups' is empty");
        refused(forRole("eng", group()), "no 'attribute_constraints'");
        refused(forRole("a//b", group(constraint("rack", "exists", ""))), "a//b");
        AttributeConstraint whole = constraint("rack", "exists", "");
        refused(
                forRole(
                        "eng",
                        group(whole.toBuilder()
                                .setSelector(Selector.getDefaultInstance())
                                .build())),
                "selector");
        refused(
                forRole(
                        "eng",
                        group(whole.toBuilder()
                                .setPredicate(Predicate.getDefaultInstance())
                                .build())),
                "predicate");
        refused(forRole("eng", group(constraint("rack", "matches", "("))), "'eng'", "'('");
    }

    @Test
    void refusesMoreThanCanBeLookedAt() {
        AttributeConstraint[] many = new AttributeConstraint[RoleConstraints.MAXIMUM_CONSTRAINTS + 1];
        java.util.Arrays.fill(many, constraint("rack", "exists", ""));
        refused(forRole("eng", group(many)), "1001 constraints");
        refused(forRole("eng", group(constraint("rack", "equals", "x".repeat(300_000)))), "bytes");
    }

    private static void refused(OfferConstraints constraints, String... words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RoleConstraints.parse(constraints))
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }
}
