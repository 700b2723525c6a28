// SPDX-License-Identifier: Apache-2.0
package org.tepui.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tepui.api.Quota;
import org.tepui.api.Role;
import org.tepui.api.resources.Quantities;
import org.tepui.proto.convert.QuotaConversion;
import org.tepui.registrar.RegistryLimits;
import org.tepui.registrar.RegistryState;
import org.tepui.transport.Refusal.Kind;
import org.tepui.v1.Offer;
import org.tepui.v1.TaskState;
import org.tepui.v1.Value;
import org.tepui.v1.WeightInfo;
import org.tepui.v1.master.Call;
import org.tepui.v1.master.Response;
import org.tepui.v1.quota.QuotaConfig;
import org.tepui.v1.quota.QuotaRequest;

/** Quotas and weights as operators set them. */
class RoleSettingsTest {
    private final TestMaster master = TestMaster.started();
    private final TestAgent agent = master.agent("cpus:8;mem:1000;ports:[31000-31009]");

    private static QuotaConfig quota(String role, String guarantees, String limits) {
        Map<String, Long> limit = Quantities.parse(limits).toMap();
        return QuotaConversion.toWire(new Role(role), new Quota(Quantities.parse(guarantees), new TreeMap<>(limit)));
    }

    private RecordingExchange update(boolean force, QuotaConfig... quotas) {
        return master.operator(Call.newBuilder()
                .setType(Call.Type.UPDATE_QUOTA)
                .setUpdateQuota(Call.UpdateQuota.newBuilder().setForce(force).addAllQuotaConfigs(List.of(quotas)))
                .build());
    }

    private RecordingExchange weights(Object... rolesAndWeights) {
        Call.UpdateWeights.Builder update = Call.UpdateWeights.newBuilder();
        for (int i = 0; i < rolesAndWeights.length; i += 2) {
            update.addWeightInfos(WeightInfo.newBuilder()
                    .setRole((String) rolesAndWeights[i])
                    .setWeight(((Number) rolesAndWeights[i + 1]).doubleValue()));
        }
        return master.operator(Call.newBuilder()
                .setType(Call.Type.UPDATE_WEIGHTS)
                .setUpdateWeights(update)
                .build());
    }

    private static List<QuotaConfig> quotas(TestMaster of) {
        return of.operator(Views.call(Call.Type.GET_QUOTA))
                .response(Response.class)
                .getGetQuota()
                .getStatus()
                .getConfigsList();
    }

    private static List<WeightInfo> weights(TestMaster of) {
        return of.operator(Views.call(Call.Type.GET_WEIGHTS))
                .response(Response.class)
                .getGetWeights()
                .getWeightInfosList();
    }

    private void refused(RecordingExchange exchange, Kind kind, String... words) {
        assertThat(exchange.refused().kind()).isEqualTo(kind);
        assertThat(exchange.refused().reason()).contains(words);
        assertThat(quotas(master)).isEmpty();
    }

    @Test
    void setsQuotasOfNestedRolesAndTellsThePolicy() {
        QuotaConfig eng = quota("eng", "cpus:4", "cpus:6;mem:500");
        QuotaConfig web = quota("eng/web", "cpus:2", "");
        assertThat(update(false, eng, web).accepted).isTrue();
        assertThat(quotas(master)).containsExactly(eng, web);
        assertThat(master.policy.last().quotas.of(new Role("eng/web")).guarantees())
                .isEqualTo(Quantities.parse("cpus:2"));
        assertThat(master.policy.last().quotas.of(new Role("eng")).limits())
                .isEqualTo(Map.of("cpus", 6000L, "mem", 500_000L));
    }

    @Test
    void aQuotaThatSaysNothingTakesTheOldOneAway() {
        update(false, quota("eng", "cpus:4", ""));
        assertThat(update(false, quota("eng", "", "")).accepted).isTrue();
        assertThat(quotas(master)).isEmpty();
        assertThat(master.policy.last().quotas.isEmpty()).isTrue();
    }

    @Test
    void aLimitOfZeroIsALimit() {
        QuotaConfig none = QuotaConfig.newBuilder()
                .setRole("eng")
                .putLimits("gpus", Value.Scalar.newBuilder().setValue(0).build())
                .build();
        assertThat(update(false, none).accepted).isTrue();
        assertThat(quotas(master)).containsExactly(none);
    }

    @Test
    void refusesQuotasThatContradictThemselvesOrEachOther() {
        QuotaConfig good = quota("ads", "cpus:1", "");
        Value.Scalar two = Value.Scalar.newBuilder().setValue(2).build();
        Value.Scalar one = Value.Scalar.newBuilder().setValue(1).build();
        QuotaConfig lower = QuotaConfig.newBuilder()
                .setRole("eng")
                .putGuarantees("cpus", two)
                .putLimits("cpus", one)
                .build();
        refused(update(true, good, lower), Kind.BAD_REQUEST, "eng", "cpus", "1", "2");
        refused(update(true, good, good), Kind.BAD_REQUEST, "'ads' is named twice");
        refused(
                update(
                        true,
                        good,
                        quota("eng", "cpus:2", ""),
                        quota("eng/a", "cpus:1.5", ""),
                        quota("eng/b", "cpus:1", "")),
                Kind.BAD_REQUEST,
                "below 'eng'",
                "cpus:2.5",
                "cpus:2");
        refused(
                update(true, good, quota("eng", "", "cpus:2"), quota("eng/a/b", "cpus:3", "")),
                Kind.BAD_REQUEST,
                "below 'eng'",
                "limit of cpus:2");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY, 1e300})
    void refusesAmountsThatAreNone(double amount) {
        Value.Scalar bad = Value.Scalar.newBuilder().setValue(amount).build();
        refused(
                update(
                        true,
                        QuotaConfig.newBuilder()
                                .setRole("eng")
                                .putGuarantees("cpus", bad)
                                .build()),
                Kind.BAD_REQUEST,
                "eng",
                "cpus");
        refused(
                update(
                        true,
                        QuotaConfig.newBuilder()
                                .setRole("eng")
                                .putLimits("cpus", bad)
                                .build()),
                Kind.BAD_REQUEST,
                "eng",
                "cpus");
    }

    @Test
    void refusesWhatIsNoScalar() {
        Value.Scalar two = Value.Scalar.newBuilder().setValue(2).build();
        refused(
                update(
                        true,
                        QuotaConfig.newBuilder()
                                .setRole("eng")
                                .putLimits("ports", two)
                                .build()),
                Kind.BAD_REQUEST,
                "ports");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a//b", "/a", "-a", "a b", "..", "a/*"})
    void refusesBadRoleNames(String role) {
        QuotaConfig bad = quota("eng", "cpus:1", "").toBuilder().setRole(role).build();
        refused(update(true, bad), Kind.BAD_REQUEST, "is not allowed");
        refused(weights(role, 2), Kind.BAD_REQUEST, "is not allowed");
        assertThat(weights(master)).isEmpty();
    }

    @Test
    void refusesGuaranteesAboveCapacityUnlessForced() {
        refused(
                update(false, quota("eng", "cpus:5", ""), quota("ads/x", "cpus:4", "")),
                Kind.BAD_REQUEST,
                "cpus:9",
                "capacity",
                "'force'");
        assertThat(update(true, quota("eng", "cpus:5", ""), quota("ads/x", "cpus:4", "")).accepted)
                .isTrue();
        assertThat(quotas(master)).hasSize(2);
    }

    @Test
    void refusesALimitBelowWhatIsConsumedUnlessForced() {
        TestScheduler scheduler = master.scheduler(Messages.inRole("eng/web"));
        Offer offer = scheduler.lastOffer();
        scheduler.launch(offer, Messages.task("t", offer, "cpus:3"));
        refused(
                update(false, quota("eng", "", "cpus:2")),
                Kind.BAD_REQUEST,
                "'eng' is already consuming cpus:3",
                "cpus:2",
                "'force'");
        assertThat(update(true, quota("eng", "", "cpus:2")).accepted).isTrue();
        assertThat(agent.launched()).containsOnlyKeys("t");
        agent.update(scheduler.id(), "t", TaskState.TASK_FINISHED);
        assertThat(update(false, quota("eng", "", "cpus:1")).accepted).isTrue();
    }

    @Test
    void takesOffersBackThatExceedANewLimit() {
        TestScheduler scheduler = master.scheduler(Messages.inRole("eng/web"));
        Offer offer = scheduler.lastOffer();
        scheduler.send(scheduler
                .call(org.tepui.v1.scheduler.Call.Type.SUPPRESS)
                .setSuppress(org.tepui.v1.scheduler.Call.Suppress.getDefaultInstance())
                .build());
        update(false, quota("eng", "", "cpus:8"));
        assertThat(scheduler.offers()).contains(offer);
        update(false, quota("eng", "", "cpus:7"));
        assertThat(scheduler.offers()).doesNotContain(offer);
    }

    @Test
    void takesOffersBackThatAGuaranteeOfOthersNeeds() {
        TestScheduler scheduler = master.scheduler(Messages.inRole("eng"));
        Offer offer = scheduler.lastOffer();
        update(false, quota("eng", "cpus:4", ""));
        assertThat(scheduler.offers()).contains(offer);
        update(false, quota("ads", "cpus:4", ""));
        assertThat(scheduler.offers()).doesNotContain(offer);
    }

    @Test
    void takesOffersBackWhenAWeightChangesInARoleThatIsUsed() {
        TestScheduler scheduler = master.scheduler(Messages.inRole("eng/web"));
        Offer offer = scheduler.lastOffer();
        assertThat(weights("ads", 2).accepted).isTrue();
        assertThat(scheduler.offers()).contains(offer);
        assertThat(weights("eng", 2.5, "ads", 2).accepted).isTrue();
        assertThat(scheduler.offers()).doesNotContain(offer);
        assertThat(master.policy.last().weights.of(new Role("eng"))).isEqualTo(2.5);
        assertThat(weights(master)).extracting(WeightInfo::getRole).containsExactly("ads", "eng");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesWeightsThatAreNone(double weight) {
        RecordingExchange exchange = weights("eng", 2, "ads", weight);
        assertThat(exchange.refused().kind()).isEqualTo(Kind.BAD_REQUEST);
        assertThat(exchange.refused().reason()).contains("weight", "ads");
        assertThat(weights(master)).isEmpty();
    }

    @Test
    void showsRolesThatAreOnlyConfigured() {
        weights("ads", 3);
        update(false, quota("eng", "cpus:1", ""));
        assertThat(master.operator(Views.call(Call.Type.GET_ROLES))
                        .response(Response.class)
                        .getGetRoles()
                        .getRolesList())
                .extracting(org.tepui.v1.Role::getName, org.tepui.v1.Role::getWeight)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("ads", 3.0),
                        org.assertj.core.groups.Tuple.tuple("eng", 1.0));
    }

    @Test
    void keepsThemOverAFailoverAndTellsANewPolicy() {
        weights("ads", 3);
        update(false, quota("eng/web", "cpus:1", "cpus:2"));
        RegistryState replayed = new RegistryState(RegistryLimits.DEFAULT);
        master.registrar.records.forEach(replayed::replay);
        assertThat(replayed.quotas()).containsExactlyElementsOf(quotas(master));
        assertThat(replayed.weights()).containsExactlyElementsOf(weights(master));
        TestMaster next = master.failOver();
        assertThat(quotas(next)).isEqualTo(quotas(master.failOver()));
        assertThat(next.policy.last().weights.of(new Role("ads"))).isEqualTo(3);
        assertThat(next.policy.last().quotas.of(new Role("eng/web")).isNone()).isFalse();
    }

    @Test
    void tellsNobodyBeforeAChangeIsDurable() {
        master.registrar.stuck = true;
        RecordingExchange exchange = update(false, quota("eng", "cpus:1", ""));
        assertThat(exchange.answered()).isFalse();
        assertThat(quotas(master)).isEmpty();
        assertThat(update(false, quota("ads", "cpus:7.5", "")).refused().reason())
                .contains("cpus:8.5");
        master.registrar.release();
        master.time.settle();
        assertThat(exchange.accepted).isTrue();
        assertThat(quotas(master)).hasSize(1);
    }

    @Test
    @SuppressWarnings("deprecation") // the old form
    void servesTheOldForm() {
        Call.Builder set = Call.newBuilder()
                .setType(Call.Type.SET_QUOTA)
                .setSetQuota(Call.SetQuota.newBuilder()
                        .setQuotaRequest(QuotaRequest.newBuilder()
                                .setRole("eng")
                                .addAllGuarantee(Messages.resources("cpus:2"))));
        assertThat(master.operator(set.build()).accepted).isTrue();
        assertThat(quotas(master)).containsExactly(quota("eng", "cpus:2", "cpus:2"));
        assertThat(master.operator(set.build()).refused().reason()).contains("already has quota");
        set.getSetQuotaBuilder().getQuotaRequestBuilder().setRole("ads").clearGuarantee();
        set.getSetQuotaBuilder().getQuotaRequestBuilder().addAllGuarantee(Messages.resources("cpus:20"));
        assertThat(master.operator(set.build()).refused().kind()).isEqualTo(Kind.CONFLICT);
        Call remove = Call.newBuilder()
                .setType(Call.Type.REMOVE_QUOTA)
                .setRemoveQuota(Call.RemoveQuota.newBuilder().setRole("eng"))
                .build();
        assertThat(master.operator(remove).accepted).isTrue();
        assertThat(quotas(master)).isEmpty();
        assertThat(master.operator(remove).refused().kind()).isEqualTo(Kind.BAD_REQUEST);
    }
}
