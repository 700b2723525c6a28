// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A verb that lists something: as a table, or as a JSON array in one line. */
abstract class ListCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--json", description = "Print one JSON array instead of a table.")
    private boolean json;

    ListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** An empty table with the headings. */
    abstract Table table();

    /** Reads what is listed, adds it to the table and returns it as JSON objects. */
    abstract List<Map<String, Object>> list(ApiClient client, Table table) throws CommandException;

    /** What is said instead of an empty table. */
    abstract String nothing();

    @Override
    public final Integer call() throws CommandException {
        Table table = table();
        List<Map<String, Object>> objects = list(cluster.client(), table);
        if (json) {
            terminal.out().println(Json.of(objects));
        } else if (objects.isEmpty()) {
            terminal.err().println(nothing());
        } else {
            table.print(terminal.out(), terminal.columns());
        }
        return ExitCode.DONE;
    }
}
