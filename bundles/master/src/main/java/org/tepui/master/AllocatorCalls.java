// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tepui.proto.operator.Call;
import org.tepui.proto.operator.Response;
import org.tepui.transport.Exchange;
import org.tepui.transport.Refusal;

/** The calls by which operators choose among the allocation policies that are installed, and see how they do. */
final class AllocatorCalls {
    private static final int MOST_SETTINGS = 1000;
    private static final int LONGEST_SETTING = 10_000;

    private final PolicySupervisor policies;

    AllocatorCalls(PolicySupervisor policies) {
        this.policies = policies;
    }

    /** @throws IllegalArgumentException if the configuration is larger than any */
    void use(Call.UseAllocator call, Exchange exchange) {
        Map<String, String> settings = new TreeMap<>(call.getConfigurationMap());
        if (settings.size() > MOST_SETTINGS) {
            throw new IllegalArgumentException("use_allocator.configuration has " + settings.size() + " keys: at most "
                    + MOST_SETTINGS + " are allowed");
        }
        settings.forEach((key, value) -> {
            if (key.length() > LONGEST_SETTING || value.length() > LONGEST_SETTING) {
                throw new IllegalArgumentException("use_allocator.configuration has a key or value longer than "
                        + LONGEST_SETTING + " characters");
            }
        });
        Optional<String> version = call.hasVersion() ? Optional.of(call.getVersion()) : Optional.empty();
        policies.use(call.getName(), version, settings, new PolicySupervisor.Requester() {
            @Override
            public void serves(PolicyLink policy, Duration pause) {
                exchange.reply(Response.newBuilder()
                        .setType(Call.Type.USE_ALLOCATOR)
                        .setUseAllocator(Response.UseAllocator.newBuilder()
                                .setAllocator(describe(policy))
                                .setPauseNs(pause.toNanos()))
                        .build());
            }

            @Override
            public void refused(Refusal.Kind kind, String reason) {
                exchange.refuse(kind, reason);
            }
        });
    }

    Response list() {
        Response.GetAllocators.Builder answer = Response.GetAllocators.newBuilder();
        Optional<PolicyLink> serving = policies.serving().map(PolicyFeed::link);
        for (PolicyOffering offering : policies.choices().shelf().all()) {
            Optional<PolicyLink> here = serving.filter(link -> link.offering().isSame(offering));
            if (here.isPresent()) {
                answer.addAllocators(describe(here.get()));
                continue;
            }
            Response.Allocator.Builder allocator = Response.Allocator.newBuilder()
                    .setName(offering.name())
                    .setVersion(offering.version())
                    .setInUse(false);
            policies.choices().suspension(offering).ifPresent(allocator::setSuspended);
            answer.addAllocators(allocator);
        }
        return Response.newBuilder()
                .setType(Call.Type.GET_ALLOCATORS)
                .setGetAllocators(answer)
                .build();
    }

    Response status() {
        AllocatorJournal journal = policies.journal();
        Response.GetAllocatorStatus.Builder answer = Response.GetAllocatorStatus.newBuilder()
                .setChosenName(policies.choices().chosenName())
                .setSwaps(journal.swaps())
                .setFailures(journal.failures())
                .setAbandoned(policies.abandoned());
        policies.choices().chosenVersion().ifPresent(answer::setChosenVersion);
        policies.serving()
                .ifPresent(feed -> answer.setServing(describe(feed.link()))
                        .setServingSince(Statuses.time(policies.servingSince())));
        policies.swap()
                .ifPresent(swap -> answer.setPreparing(swap.link().offering().title()));
        journal.events().forEach(event -> answer.addEvents(event(event)));
        return Response.newBuilder()
                .setType(Call.Type.GET_ALLOCATOR_STATUS)
                .setGetAllocatorStatus(answer)
                .build();
    }

    private static Response.AllocatorEvent event(AllocatorJournal.Event event) {
        Response.AllocatorEvent.Builder builder = Response.AllocatorEvent.newBuilder()
                .setTime(Statuses.time(event.time()))
                .setKind(Response.AllocatorEvent.Kind.valueOf(event.kind().name()))
                .setName(event.name())
                .setVersion(event.version())
                .setReason(event.reason());
        event.pause().ifPresent(pause -> builder.setPauseNs(pause.toNanos()));
        return builder.build();
    }

    private static Response.Allocator describe(PolicyLink policy) {
        return Response.Allocator.newBuilder()
                .setName(policy.offering().name())
                .setVersion(policy.offering().version())
                .setInUse(true)
                .putAllConfiguration(policy.configuration())
                .build();
    }
}
