// SPDX-License-Identifier: Apache-2.0
package org.tepui.api.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tepui.api.Role;

class ResourceTextTest {
    @Test
    void readsTheFormOfTheDocumentation() {
        Resources resources = Resources.parse("cpus:4;mem:4096; ports:[31000-32000, 33000-33000] ;disks(ads):{b, a};");

        assertThat(resources.toString())
                .isEqualTo("cpus:4;disks(ads):{a, b};mem:4096;ports:[31000-32000, 33000-33000]");
        assertThat(Resources.parse(resources.toString())).isEqualTo(resources);
    }

    @Test
    void givesADefaultRoleToWhatNamesNone() {
        assertThat(Resources.parse("cpus:1;mem(b):2", new Role("a"))).isEqualTo(Resources.parse("cpus(a):1;mem(b):2"));
        assertThat(Resources.parse("cpus(*):1")).isEqualTo(Resources.parse("cpus:1"));
    }

    @Test
    void roundsToThousandths() {
        assertThat(Resources.parse("cpus:0.0015").thousandths("cpus")).isEqualTo(2);
        assertThat(Scalar.of(0.1 + 0.2).thousandths()).isEqualTo(300);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cpus                  | position 0 ('cpus'): a colon is missing",
                "cpus:1;mem            | position 7 ('mem'): a colon is missing",
                "cpus:                 | '' is not allowed: a number such as 4 or 0.5",
                "cpus:-1               | '-1' is not allowed: a number",
                "cpus:NaN              | 'NaN' is not allowed: a number",
                "cpus:Infinity         | 'Infinity' is not allowed: a number",
                "cpus:1e9              | '1e9' is not allowed: a number",
                "cpus:1.2.3            | '1.2.3' is not allowed: a number",
                "mem:100000000000.001  | is too large: 0 to 100000000000",
                "mem:9999999999999999  | is too large: 0 to 100000000000",
                "cpus:[1-2]            | resource 'cpus' cannot be of type RANGES",
                "ports:5               | resource 'ports' cannot be of type SCALAR",
                "ports:[1-2            | '[1-2' is to end with ']'",
                "ports:[5-1]           | range 5-1 is inverted",
                "ports:[1-5, 5-9]      | ranges overlap: 1-5 and 5-9",
                "ports:[1-5, 2-3]      | ranges overlap: 1-5 and 2-3",
                "ports:[7]             | '7' is not a range such as 31000-32000",
                "ports:[-1-5]          | '-1-5' is not a range",
                "ports:[1--5]          | '-5' is not allowed as the bound of a range",
                "ports:[1-999999999999]| bounds are 0 to 99999999999",
                "x:{a,a}               | item 'a' is given twice",
                "cpus:1;cpus:2         | position 7 ('cpus:2'): 'cpus' is given twice",
                "x:1;x(ads):[1-2]      | 'x' is of type SCALAR before",
                "cpus(ads:1            | a closing bracket is missing",
                "cpus(-a):1            | role '-a' is not allowed",
                ":1                    | resource name '' has 0 characters",
                "a b:1                 | white space, control characters and ( ) : ; are excluded",
                "gpus:0.5              | resource 'gpus' is to be a whole number"
            })
    void refusesBadTextAndSaysWhereAndWhy(String text, String message) {
        assertThatThrownBy(() -> Resources.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("resources, position ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.001, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e300, 1.1e11})
    void refusesAmountsThatAreNone(double amount) {
        assertThatThrownBy(() -> Scalar.of(amount))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 to 100000000000");
    }

    @Test
    void refusesTooMuchText() {
        assertThatThrownBy(() -> Resources.parse("x".repeat(2_000_000))).hasMessageContaining("too long");
        String many = "a:1;".repeat(5);
        assertThatThrownBy(() -> Resources.parse(many)).hasMessageContaining("given twice");
        StringBuilder names = new StringBuilder();
        for (int i = 0; i <= Resources.MAXIMUM_ENTRIES; i++) {
            names.append('r').append(i).append(":1;");
        }
        assertThatThrownBy(() -> Resources.parse(names.toString())).hasMessageContaining("too many");
    }

    @Test
    void survivesMutatedText() {
        String seed = "cpus(ads):4.5;ports:[31000-32000, 33000-33001];disks:{a,b};mem:4096";
        String alphabet = "()[]{}:;,-.0123456789ab* \u0000\u00e9";
        Random random = new Random(20_260_801);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(seed);
            for (int changes = 1 + random.nextInt(4); changes > 0 && text.length() > 0; changes--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    default -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
                }
            }
            checkReadOrRefused(text.toString());
        }
    }

    private static void checkReadOrRefused(String text) {
        Resources resources;
        try {
            resources = Resources.parse(text);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).startsWith("resources, position ");
            return;
        }
        assertThat(Resources.parse(resources.toString())).isEqualTo(resources);
    }

    @Test
    void readsAttributes() {
        List<Attribute> attributes =
                Attribute.parse("rack:r12;speed:2.5;lanes:[1-4];zones:{a,b};url:http://x:1;rack:r13");

        assertThat(attributes)
                .containsExactly(
                        new Attribute("rack", new TextValue("r12")),
                        new Attribute("speed", new Scalar(2500)),
                        new Attribute("lanes", Ranges.of(1, 4)),
                        new Attribute("zones", ItemSet.of("a", "b")),
                        new Attribute("url", new TextValue("http://x:1")),
                        new Attribute("rack", new TextValue("r13")));
    }

    @Test
    void refusesBadAttributes() {
        assertThatThrownBy(() -> Attribute.parse("rack:a;x")).hasMessageContaining("position 7 ('x')");
        assertThatThrownBy(() -> Attribute.parse("rack:")).hasMessageContaining("the value is missing");
        assertThatThrownBy(() -> Attribute.parse(":a")).hasMessageContaining("attribute name");
        assertThatThrownBy(() -> Attribute.parse("a:[2-1]")).hasMessageContaining("inverted");
    }
}
