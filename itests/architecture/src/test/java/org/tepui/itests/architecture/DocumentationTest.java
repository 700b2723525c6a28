// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** What the pages under docs say of the build has to be what the poms say. */
class DocumentationTest {
    private static final Path ROOT = Path.of(System.getProperty("tepui.root"));
    private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)}");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| ([A-Za-z0-9._-]+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$");

    @Test
    void dependenciesPageHasEachDependencyWithVersionLicenceAndReason() throws Exception {
        Map<String, String> documented = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(ROOT.resolve("docs/dependencies.md")));
        while (row.find()) {
            if (!row.group(2).equals("version")) {
                documented.put(row.group(1), row.group(2));
            }
        }
        assertThat(documented).isEqualTo(declared(parse(ROOT.resolve("pom.xml"))));
    }

    @Test
    void versionsAreInTheParentOnly() throws Exception {
        List<String> elsewhere = new ArrayList<>();
        for (String module : modules()) {
            for (Element element : coordinates(parse(ROOT.resolve(module).resolve("pom.xml")))) {
                String version = text(element, "version");
                // foreign clients are fetched, not used
                boolean fetched = element.getTagName().equals("artifactItem");
                if (!version.isEmpty() && !version.equals("${project.version}") && !fetched) {
                    elsewhere.add(module + " has " + text(element, "artifactId") + " " + version);
                }
            }
        }
        assertThat(elsewhere).isEmpty();
    }

    @Test
    void everyVersionIsUsed() throws IOException {
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        Set<String> unused = new TreeSet<>();
        Matcher property = Pattern.compile("<([a-z.]+\\.version)>").matcher(pom);
        while (property.find()) {
            if (!pom.contains("${" + property.group(1) + "}")) {
                unused.add(property.group(1));
            }
        }
        assertThat(unused).isEmpty();
    }

    @Test
    void architecturePageHasEachModule() throws Exception {
        String page = Files.readString(ROOT.resolve("docs/architecture.md"));
        assertThat(modules()).allSatisfy(module -> assertThat(page).contains("| " + module + " |"));
    }

    private static Map<String, String> declared(Document pom) {
        Map<String, String> declared = new TreeMap<>();
        for (Element element : coordinates(pom)) {
            String version = text(element, "version");
            if (!version.isEmpty() && element != pom.getDocumentElement()) {
                declared.put(text(element, "artifactId"), resolve(version, pom));
            }
        }
        return declared;
    }

    private static String resolve(String version, Document pom) {
        Matcher property = PROPERTY.matcher(version);
        return property.matches()
                ? pom.getElementsByTagName(property.group(1)).item(0).getTextContent()
                : version;
    }

    /** Elements that name an artifact of others, with or without a version. */
    private static List<Element> coordinates(Document pom) {
        List<Element> found = new ArrayList<>();
        for (String tag : List.of("dependency", "plugin", "path", "extension", "artifactItem")) {
            var elements = pom.getElementsByTagName(tag);
            for (int i = 0; i < elements.getLength(); i++) {
                Element element = (Element) elements.item(i);
                if (!text(element, "artifactId").startsWith("org.tepui")) {
                    found.add(element);
                }
            }
        }
        return found;
    }

    private static List<String> modules() throws Exception {
        var elements = parse(ROOT.resolve("pom.xml")).getElementsByTagName("module");
        List<String> modules = new ArrayList<>();
        for (int i = 0; i < elements.getLength(); i++) {
            modules.add(elements.item(i).getTextContent().trim());
        }
        return modules;
    }

    /** The text of a child, empty if there is none of this name. */
    private static String text(Element element, String name) {
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeName().equals(name)) {
                return child.getTextContent().trim();
            }
        }
        return "";
    }

    private static Document parse(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }
}
