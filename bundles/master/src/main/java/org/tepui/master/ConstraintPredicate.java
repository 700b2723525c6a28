// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.util.Optional;
import java.util.function.Predicate;
import org.tepui.allocator.AgentProfile;
import org.tepui.api.resources.Attribute;
import org.tepui.api.resources.TextValue;
import org.tepui.v1.scheduler.AttributeConstraint;

/**
 * One constraint: what is looked at, and what it has to be.
 *
 * <p>As in Mesos, the first attribute of a name counts, what compares texts lets attributes that are no texts pass,
 * and an agent without the attribute satisfies the negative predicates only.
 */
final class ConstraintPredicate implements Predicate<AgentProfile> {
    private final AttributeConstraint.Selector selector;
    /** Of an agent that has nothing of that name. */
    private final boolean absent;
    /** Of a text. */
    private final Predicate<String> text;
    /** Of an attribute that is no text. */
    private final boolean other;

    private ConstraintPredicate(
            AttributeConstraint.Selector selector, boolean absent, Predicate<String> text, boolean other) {
        this.selector = selector;
        this.absent = absent;
        this.text = text;
        this.other = other;
    }

    /** @throws IllegalArgumentException if selector or predicate are missing, not known or not allowed */
    static ConstraintPredicate of(AttributeConstraint constraint) {
        AttributeConstraint.Selector selector = constraint.getSelector();
        boolean known = switch (selector.getSelectorCase()) {
            case ATTRIBUTE_NAME -> true;
            case PSEUDOATTRIBUTE_TYPE ->
                selector.getPseudoattributeType() != AttributeConstraint.Selector.PseudoattributeType.UNKNOWN;
            case SELECTOR_NOT_SET -> false;
        };
        if (!known) {
            throw new IllegalArgumentException("a 'selector' is missing or unknown: 'attribute_name', or"
                    + " 'pseudoattribute_type' with HOSTNAME, REGION or ZONE is expected");
        }
        AttributeConstraint.Predicate predicate = constraint.getPredicate();
        return switch (predicate.getPredicateCase()) {
            case EXISTS -> new ConstraintPredicate(selector, false, text -> true, true);
            case NOT_EXISTS -> new ConstraintPredicate(selector, true, text -> false, false);
            case TEXT_EQUALS -> {
                String value = predicate.getTextEquals().getValue();
                yield new ConstraintPredicate(selector, false, value::equals, true);
            }
            case TEXT_NOT_EQUALS -> {
                String value = predicate.getTextNotEquals().getValue();
                yield new ConstraintPredicate(selector, true, text -> !text.equals(value), true);
            }
            case TEXT_MATCHES -> {
                Predicate<String> regex =
                        ConstraintRegex.of(predicate.getTextMatches().getRegex());
                yield new ConstraintPredicate(selector, false, regex, true);
            }
            case TEXT_NOT_MATCHES -> {
                Predicate<String> regex =
                        ConstraintRegex.of(predicate.getTextNotMatches().getRegex());
                yield new ConstraintPredicate(selector, true, regex.negate(), true);
            }
            case PREDICATE_NOT_SET -> throw new IllegalArgumentException("a 'predicate' is missing or unknown");
        };
    }

    @Override
    public boolean test(AgentProfile agent) {
        if (selector.hasAttributeName()) {
            return testAttribute(agent);
        }
        Optional<String> value = switch (selector.getPseudoattributeType()) {
            case HOSTNAME -> Optional.of(agent.hostname());
            case REGION -> Optional.ofNullable(agent.domain()).map(domain -> domain.region());
            case ZONE -> Optional.ofNullable(agent.domain()).map(domain -> domain.zone());
            case UNKNOWN -> Optional.empty();
        };
        return value.map(text::test).orElse(absent);
    }

    private boolean testAttribute(AgentProfile agent) {
        for (Attribute attribute : agent.attributes()) {
            if (attribute.name().equals(selector.getAttributeName())) {
                return attribute.value() instanceof TextValue value ? text.test(value.text()) : other;
            }
        }
        return absent;
    }
}
