// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Reads the options that bundles declare, from the metatype descriptions in their jars. */
final class MetatypeReader {
    private static final String DIRECTORY = "OSGI-INF/metatype/";

    private MetatypeReader() {}

    /** The options of all jars that have some. */
    static OptionCatalog read(Collection<Path> jars) throws IOException {
        List<Option> options = new ArrayList<>();
        for (Path jar : jars) {
            try (ZipFile file = new ZipFile(jar.toFile())) {
                for (Enumeration<? extends ZipEntry> entries = file.entries(); entries.hasMoreElements(); ) {
                    ZipEntry entry = entries.nextElement();
                    if (entry.getName().startsWith(DIRECTORY) && entry.getName().endsWith(".xml")) {
                        try (InputStream stream = file.getInputStream(entry)) {
                            options.addAll(parse(stream, jar + "!" + entry.getName()));
                        }
                    }
                }
            }
        }
        return new OptionCatalog(options);
    }

    /**
     * Reads one description.
     *
     * @param origin names it where it cannot be read
     */
    static List<Option> parse(InputStream stream, String origin) throws IOException {
        Description description = new Description();
        try {
            SAXParserFactory factory = SAXParserFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.newSAXParser().parse(new InputSource(stream), description);
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException("cannot read " + origin + ": " + e.getMessage(), e);
        }
        return description.options();
    }

    /** Collects object classes and which configuration each describes. */
    private static final class Description extends DefaultHandler {
        private final Map<String, List<Option>> classes = new LinkedHashMap<>();
        private final Map<String, String> pidsByClass = new LinkedHashMap<>();
        private final List<String> choices = new ArrayList<>();
        private List<Option> attributes = new ArrayList<>();
        private Attributes attribute = new org.xml.sax.helpers.AttributesImpl();
        private String pid = "";

        List<Option> options() {
            List<Option> options = new ArrayList<>();
            pidsByClass.forEach((objectClass, designated) -> {
                for (Option option : classes.getOrDefault(objectClass, List.of())) {
                    options.add(new Option(
                            designated,
                            option.key(),
                            option.type(),
                            option.multiple(),
                            option.defaults(),
                            option.choices(),
                            option.description()));
                }
            });
            return options;
        }

        @Override
        public void startElement(String uri, String local, String name, Attributes values) {
            switch (local) {
                case "OCD" -> {
                    attributes = new ArrayList<>();
                    classes.put(value(values, "id"), attributes);
                }
                case "AD" -> {
                    attribute = new org.xml.sax.helpers.AttributesImpl(values);
                    choices.clear();
                }
                case "Option" -> choices.add(value(values, "value"));
                case "Designate" -> pid = value(values, "pid");
                case "Object" -> pidsByClass.put(value(values, "ocdref"), pid);
                default -> {
                    // localisation and icons do not matter here
                }
            }
        }

        @Override
        public void endElement(String uri, String local, String name) {
            if (local.equals("AD")) {
                attributes.add(option());
            }
        }

        private Option option() {
            String cardinality = value(attribute, "cardinality");
            boolean multiple = !cardinality.isEmpty() && !cardinality.equals("0");
            String text = value(attribute, "default");
            List<String> defaults = text.isEmpty()
                    ? List.of()
                    : multiple
                            ? Arrays.stream(text.split(",", -1))
                                    .map(String::trim)
                                    .toList()
                            : List.of(text.replace("\\,", ",").replace("\\ ", " "));
            return new Option(
                    "",
                    value(attribute, "id"),
                    type(value(attribute, "type")),
                    multiple,
                    defaults,
                    List.copyOf(choices),
                    value(attribute, "description"));
        }

        private static Option.Type type(String name) {
            return switch (name) {
                case "Boolean" -> Option.Type.BOOLEAN;
                case "Integer", "Long", "Short", "Byte" -> Option.Type.INTEGER;
                case "Double", "Float" -> Option.Type.DECIMAL;
                default -> Option.Type.TEXT;
            };
        }

        private static String value(Attributes values, String name) {
            String value = values.getValue(name);
            return value == null ? "" : value;
        }
    }
}
