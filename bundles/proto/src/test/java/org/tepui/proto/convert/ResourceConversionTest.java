// SPDX-License-Identifier: Apache-2.0
package org.tepui.proto.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tepui.api.FrameworkCapability;
import org.tepui.api.Role;
import org.tepui.api.resources.DiskInfo;
import org.tepui.api.resources.Label;
import org.tepui.api.resources.Quantities;
import org.tepui.api.resources.Reservation;
import org.tepui.api.resources.ResourceIdentity;
import org.tepui.api.resources.Resources;
import org.tepui.api.resources.Scalar;
import org.tepui.api.resources.ValueType;
import org.tepui.proto.json.JsonCodec;
import org.tepui.v1.Resource;
import org.tepui.v1.Value;

class ResourceConversionTest {
    private static Resource resource(String json) {
        try {
            return JsonCodec.standard().read(json.replace('\'', '"'), Resource.getDefaultInstance());
        } catch (org.tepui.proto.json.InvalidJsonException e) {
            throw new AssertionError(json, e);
        }
    }

    private static Resources read(String... json) {
        return ResourceConversion.toApi(
                List.of(json).stream().map(ResourceConversionTest::resource).toList());
    }

    /** A scalar of 1 named cpus with more fields. */
    private static String cpus(String more) {
        return "{'name':'cpus','type':'SCALAR','scalar':{'value':1}" + (more.isEmpty() ? "" : "," + more) + "}";
    }

    private static void bothWays(Resources resources, ReservationFormat format) {
        assertThat(ResourceConversion.toApi(ResourceConversion.toWire(resources, format)))
                .isEqualTo(resources);
    }

    @Test
    void amountsRangesAndSetsAreRead() {
        assertThat(read(
                        "{'name':'cpus','type':'SCALAR','scalar':{'value':1.5}}",
                        "{'name':'mem','type':'SCALAR','scalar':{'value':4096}}",
                        "{'name':'ports','type':'RANGES','ranges':{'range':[{'begin':5,'end':9},{'begin':1,'end':4}]}}",
                        "{'name':'keys','type':'SET','set':{'item':['b','a']}}"))
                .isEqualTo(Resources.parse("cpus:1.5;mem:4096;ports:[1-9];keys:{a,b}"));
    }

    @Test
    void equalResourcesAreAddedUpAndEmptyOnesLeftOut() {
        assertThat(read(cpus(""), cpus(""), "{'name':'mem','type':'SCALAR','scalar':{'value':0}}"))
                .isEqualTo(Resources.parse("cpus:2"));
    }

    @Test
    void amountsAreRoundedToThousandths() {
        assertThat(read("{'name':'cpus','type':'SCALAR','scalar':{'value':0.1004999}}"))
                .isEqualTo(Resources.parse("cpus:0.1"));
    }

    @Test
    void ordinaryResourcesAreWrittenInTheirOrder() {
        Resources resources = Resources.parse("ports:[31000-32000];mem:512;cpus:0.1;keys:{b,a}");
        assertThat(ResourceConversion.toWire(resources, ReservationFormat.STACK))
                .containsExactly(
                        resource("{'name':'cpus','type':'SCALAR','scalar':{'value':0.1}}"),
                        resource("{'name':'keys','type':'SET','set':{'item':['a','b']}}"),
                        resource("{'name':'mem','type':'SCALAR','scalar':{'value':512}}"),
                        resource("{'name':'ports','type':'RANGES','ranges':{'range':[{'begin':31000,'end':32000}]}}"));
        bothWays(resources, ReservationFormat.STACK);
        bothWays(resources, ReservationFormat.SINGLE);
    }

    @Test
    void bothFormsOfAReservationAreTheSame() {
        assertThat(read(cpus("'role':'ads'")))
                .isEqualTo(read(cpus("'reservations':[{'type':'STATIC','role':'ads'}]")))
                .isEqualTo(Resources.parse("cpus(ads):1"));
        assertThat(read(cpus("'role':'ads','reservation':{'principal':'p','labels':{'labels':[{'key':'k'}]}}")))
                .isEqualTo(read(cpus("'reservations':[{'type':'DYNAMIC','role':'ads','principal':'p',"
                        + "'labels':{'labels':[{'key':'k'}]}}]")))
                .isEqualTo(Resources.parse("cpus:1")
                        .pushReservation(new Reservation(
                                Reservation.Type.DYNAMIC, new Role("ads"), "p", List.of(new Label("k", null)))));
        assertThat(read(cpus("'role':'*'"))).isEqualTo(Resources.parse("cpus:1"));
    }

    @Test
    void theFormWrittenIsTheReadersOne() {
        Resources fixed = Resources.parse("cpus(ads):1");
        Resources dynamic = Resources.parse("cpus:1").pushReservation(Reservation.dynamic(new Role("ads")));
        assertThat(ResourceConversion.toWire(fixed, ReservationFormat.SINGLE))
                .containsExactly(resource(cpus("'role':'ads'")));
        assertThat(ResourceConversion.toWire(dynamic, ReservationFormat.SINGLE))
                .containsExactly(resource(cpus("'role':'ads','reservation':{}")));
        assertThat(ResourceConversion.toWire(Resources.parse("cpus:1"), ReservationFormat.SINGLE))
                .containsExactly(resource(cpus("'role':'*'")));
        assertThat(ResourceConversion.toWire(fixed, ReservationFormat.STACK))
                .containsExactly(resource(cpus("'reservations':[{'type':'STATIC','role':'ads'}]")));
        assertThat(ResourceConversion.toWire(dynamic, ReservationFormat.STACK))
                .containsExactly(resource(cpus("'reservations':[{'type':'DYNAMIC','role':'ads'}]")));
    }

    @Test
    void theFormFollowsFromTheCapabilities() {
        assertThat(ReservationFormat.of(Set.of())).isEqualTo(ReservationFormat.SINGLE);
        assertThat(ReservationFormat.of(Set.of(FrameworkCapability.RESERVATION_REFINEMENT)))
                .isEqualTo(ReservationFormat.STACK);
    }

    @Test
    void reservationsWithinReservationsNeedTheStack() {
        Resources refined = Resources.parse("cpus(eng):1").pushReservation(Reservation.dynamic(new Role("eng/web")));
        bothWays(refined, ReservationFormat.STACK);
        assertThatThrownBy(() -> ResourceConversion.toWire(refined, ReservationFormat.SINGLE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void allocationRevocationAndProvidersGoBothWays() {
        ResourceIdentity identity = ResourceIdentity.of("cpus", ValueType.SCALAR)
                .withRevocable(true)
                .withProvider("p-1")
                .allocatedTo(new Role("eng/web"));
        Resources resources = Resources.of(org.tepui.api.resources.Resource.of(identity, new Scalar(1000)));
        bothWays(resources, ReservationFormat.STACK);
        assertThat(ResourceConversion.toWire(resources, ReservationFormat.STACK))
                .containsExactly(resource(
                        cpus("'revocable':{},'provider_id':{'value':'p-1'},'allocation_info':{'role':'eng/web'}")));
    }

    @Test
    void disksGoBothWays() {
        DiskInfo.Source mount = new DiskInfo.Source(
                DiskInfo.SourceType.MOUNT, "/mnt/a", "v", "id", List.of(new Label("a", "b")), "fast");
        ResourceIdentity volume = ResourceIdentity.of("disk", ValueType.SCALAR)
                .withReservations(List.of(Reservation.dynamic(new Role("ads"))))
                .withDisk(new DiskInfo(
                        new DiskInfo.Persistence("vol", "p"), new DiskInfo.Mapping("data", "/host", true), mount))
                .withShared(true);
        ResourceIdentity path = ResourceIdentity.of("disk", ValueType.SCALAR)
                .withDisk(new DiskInfo(null, null, DiskInfo.Source.of(DiskInfo.SourceType.PATH, "/d")));
        ResourceIdentity raw = ResourceIdentity.of("disk", ValueType.SCALAR)
                .withDisk(new DiskInfo(
                        null, null, new DiskInfo.Source(DiskInfo.SourceType.RAW, null, null, null, List.of(), "slow")));
        org.tepui.api.resources.Resource shared = org.tepui.api.resources.Resource.of(volume, new Scalar(5000));
        Resources resources = Resources.of(
                shared,
                shared,
                org.tepui.api.resources.Resource.of(path, new Scalar(6000)),
                org.tepui.api.resources.Resource.of(raw, new Scalar(7000)));

        bothWays(resources, ReservationFormat.STACK);
        bothWays(resources, ReservationFormat.SINGLE);
        assertThat(ResourceConversion.toWire(resources, ReservationFormat.STACK))
                .hasSize(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'type':'SCALAR','scalar':{'value':-1} | -1.0 is not allowed",
                "'type':'SCALAR','scalar':{'value':'Infinity'} | Infinity is not allowed",
                "'type':'SCALAR','scalar':{'value':1e300} | is not allowed",
                "'type':'SCALAR' | a value of type SCALAR is expected, and no other; given is none",
                "'type':'SCALAR','ranges':{} | given is none",
                "'type':'SCALAR','scalar':{'value':1},'set':{} | given is more",
                "'type':'RANGES','ranges':{'range':{'begin':1,'end':2}} | cannot be of type RANGES",
                "'type':'TEXT' | type TEXT is not allowed",
                "'type':'SCALAR','scalar':{'value':1},'role':'/' | role '/' is not allowed",
                "'type':'SCALAR','scalar':{'value':1},'reservation':{} | that role is everybody's",
                "'type':'SCALAR','scalar':{'value':1},'role':'a','reservation':{'role':'a'} | 'reservation.role' is",
                "'type':'SCALAR','scalar':{'value':1},'reservations':[{'role':'a'}] | 'reservations[0].type' is",
                "'type':'SCALAR','scalar':{'value':1},'reservations':[{'type':'STATIC'}] | 'reservations[0].role' is",
                "'type':'SCALAR','scalar':{'value':1},'role':'a','reservations':{'type':'STATIC','role':'b'} | 'role'",
                "'type':'SCALAR','scalar':{'value':1},'allocation_info':{} | 'allocation_info.role' is missing",
                "'type':'SCALAR','scalar':{'value':1},'allocation_info':{'role':''} | role '' is not allowed",
                "'type':'SCALAR','scalar':{'value':1},'disk':{} | only disk has a disk description",
                "'type':'SCALAR','scalar':{'value':1},'shared':{} | only persistent volumes can be shared",
                "'type':'SCALAR','scalar':{'value':1},'role':'a','revocable':{} | cannot be reserved"
            })
    void whatIsNotAllowedIsRefusedWithItsPlace(String fields, String words) {
        assertThatThrownBy(() -> read(cpus(""), "{'name':'cpus'," + fields + "}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("resources[1] 'cpus': ")
                .hasMessageContaining(words);
    }

    @Test
    void notANumberIsRefused() {
        Resource nan = Resource.newBuilder()
                .setName("cpus")
                .setType(Value.Type.SCALAR)
                .setScalar(Value.Scalar.newBuilder().setValue(Double.NaN))
                .build();
        assertThatThrownBy(() -> ResourceConversion.toApi(List.of(nan))).hasMessageContaining("NaN is not allowed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'begin':2,'end':1} | range 2-1 is inverted",
                "[{'begin':1,'end':5},{'begin':3,'end':9}] | ranges overlap: 1-5 and 3-9",
                "{'begin':0,'end':18446744073709551615} | range 0-18446744073709551615 is not allowed"
            })
    void rangesOutOfOrderAreRefused(String ranges, String words) {
        assertThatThrownBy(() -> read("{'name':'ports','type':'RANGES','ranges':{'range':" + ranges + "}}"))
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'source':{'type':'UNKNOWN'} | disk.source.type is UNKNOWN",
                "'source':{'type':'PATH','mount':{'root':'/'}} | disk.source of type PATH has a mount",
                "'source':{'type':'MOUNT','path':{'root':'/'}} | disk.source of type MOUNT has a path",
                "'volume':{'mode':'RW','container_path':'d','image':{'type':'APPC'}} | disk.volume.image is not",
                "'volume':{'mode':'RW','container_path':'d','source':{}} | disk.volume.source is not allowed",
                "'persistence':{'id':'v'} | a persistent volume is to be reserved"
            })
    void disksThatDoNotFitTogetherAreRefused(String disk, String words) {
        assertThatThrownBy(() -> read("{'name':'disk','type':'SCALAR','scalar':{'value':1},'disk':{" + disk + "}}"))
                .hasMessageContaining(words);
    }

    @Test
    void namesInErrorsAreShort() {
        assertThatThrownBy(() -> read("{'name':'" + "n".repeat(100_000) + "\\u0007','type':'SET'}"))
                .message()
                .hasSizeLessThan(300);
    }

    @Test
    void quantitiesGoBothWays() {
        Quantities amounts = Quantities.of(Map.of("cpus", 1500L, "mem", 32_000L));
        assertThat(ResourceConversion.quantities(ResourceConversion.quantities(amounts)))
                .isEqualTo(amounts);
        Map<String, Value.Scalar> negative =
                Map.of("cpus", Value.Scalar.newBuilder().setValue(-1).build());
        assertThatThrownBy(() -> ResourceConversion.quantities(negative))
                .hasMessageStartingWith("'cpus': -1.0 is not allowed");
    }
}
