// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What one benchmark found, as a table for people or as one JSON object. Keys are in the order in which they were
 * added; numbers have four significant digits.
 */
public final class Report {
    private static final MathContext PRECISION = new MathContext(4, RoundingMode.HALF_UP);
    private static final int LABEL_WIDTH = 52;
    private static final int FIGURE_WIDTH = 10;

    private final String benchmark;
    private final List<Fact> facts = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private final List<Goal> goals = new ArrayList<>();

    /** @param benchmark the name of its subcommand */
    public Report(String benchmark) {
        this.benchmark = benchmark;
        fact("java", "Java", System.getProperty("java.version", "unknown"));
        fact("cores", "cores", Runtime.getRuntime().availableProcessors());
    }

    private record Fact(String key, String label, Object value) {}

    private record Row(String key, String label, Figures figures) {}

    private record Goal(String key, String wanted, double measured, boolean met) {}

    /** Adds a circumstance or a single figure: a text, a whole number or a decimal one. */
    public Report fact(String key, String label, Object value) {
        facts.add(new Fact(key, label, value));
        return this;
    }

    /**
     * Adds a quantity that was measured in several rounds.
     *
     * @param label with the unit
     */
    public Report figures(String key, String label, Figures figures) {
        rows.add(new Row(key, label, figures));
        return this;
    }

    /** Says what is to be reached at least, and what was measured. */
    public Report atLeast(String key, double goal, double measured) {
        goals.add(new Goal(key, "at least " + text(goal), measured, measured >= goal));
        return this;
    }

    /** Says what is to be reached at most, and what was measured. */
    public Report atMost(String key, double goal, double measured) {
        goals.add(new Goal(key, "at most " + text(goal), measured, measured <= goal));
        return this;
    }

    /** Prints one line of JSON, or the table. */
    public void print(PrintStream out, boolean json) {
        if (json) {
            out.println(toJson());
        } else {
            out.print(toText());
        }
        out.flush();
    }

    /** One object on one line. */
    public String toJson() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("benchmark", benchmark);
            for (Fact fact : facts) {
                json.writeFieldName(fact.key);
                write(json, fact.value);
            }
            for (Row row : rows) {
                json.writeObjectFieldStart(row.key);
                if (row.figures.cold().isPresent()) {
                    json.writeNumberField("cold", rounded(row.figures.cold().get()));
                }
                json.writeNumberField("min", rounded(row.figures.minimum()));
                json.writeNumberField("median", rounded(row.figures.median()));
                json.writeNumberField("max", rounded(row.figures.maximum()));
                json.writeEndObject();
            }
            json.writeObjectFieldStart("goals");
            for (Goal goal : goals) {
                json.writeObjectFieldStart(goal.key);
                json.writeStringField("goal", goal.wanted);
                json.writeNumberField("measured", rounded(goal.measured));
                json.writeBooleanField("met", goal.met);
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Number number) {
            json.writeNumber(rounded(number.doubleValue()));
        } else {
            json.writeString(value.toString());
        }
    }

    private static BigDecimal rounded(double value) {
        BigDecimal number = new BigDecimal(value).round(PRECISION).stripTrailingZeros();
        // without exponent
        return number.scale() < 0 ? number.setScale(0, RoundingMode.UNNECESSARY) : number;
    }

    /** The table. */
    String toText() {
        StringBuilder text = new StringBuilder(benchmark).append(System.lineSeparator());
        for (Fact fact : facts) {
            String value = fact.value instanceof Double number ? text(number) : fact.value.toString();
            text.append(String.format(Locale.ROOT, "  %s: %s%n", fact.label, value));
        }
        if (!rows.isEmpty()) {
            text.append(line("", "cold", "min", "median", "max"));
        }
        for (Row row : rows) {
            Figures figures = row.figures;
            text.append(line(
                    row.label,
                    figures.cold().map(Report::text).orElse("-"),
                    text(figures.minimum()),
                    text(figures.median()),
                    text(figures.maximum())));
        }
        for (Goal goal : goals) {
            text.append(String.format(
                    Locale.ROOT,
                    "  goal %s %s: %s, %s%n",
                    goal.key,
                    goal.wanted,
                    text(goal.measured),
                    goal.met ? "met" : "NOT met"));
        }
        return text.toString();
    }

    private static String line(String label, String... figures) {
        StringBuilder line = new StringBuilder("  ");
        line.append(label).append(" ".repeat(Math.max(1, LABEL_WIDTH - label.length())));
        for (String figure : figures) {
            line.append(" ".repeat(Math.max(1, FIGURE_WIDTH - figure.length()))).append(figure);
        }
        return line.append(System.lineSeparator()).toString();
    }

    private static String text(double value) {
        return rounded(value).toPlainString();
    }
}
