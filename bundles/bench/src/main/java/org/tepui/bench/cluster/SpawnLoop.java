// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.cluster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.tepui.bench.report.BenchException;
import org.tepui.bench.report.Figures;

/** The ceiling for tasks: /bin/true spawned in a loop in C, as many at a time as there are cores. */
final class SpawnLoop {
    private final Installation installation;
    private final List<Double> perSecond = new ArrayList<>();
    private final List<Double> cpuMillis = new ArrayList<>();

    SpawnLoop(Installation installation) {
        this.installation = installation;
    }

    /** Spawns so many processes. */
    void run(int spawns) throws BenchException, InterruptedException {
        String program = installation.spawnProgram().toString();
        try {
            Process process = new ProcessBuilder(program, Integer.toString(spawns))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String line;
            try (var output = process.getInputStream()) {
                line = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            }
            int code = process.waitFor();
            if (code != 0) {
                throw new BenchException(program + " ended with " + code);
            }
            read(line);
        } catch (IOException e) {
            throw new BenchException("cannot run " + program + ": " + e.getMessage(), e);
        }
    }

    private void read(String line) throws IOException {
        try (JsonParser json = new JsonFactory().createParser(line)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token.isNumeric() && "spawns_per_second".equals(json.currentName())) {
                    perSecond.add(json.getDoubleValue());
                } else if (token.isNumeric() && "cpu_ms_per_spawn".equals(json.currentName())) {
                    cpuMillis.add(json.getDoubleValue());
                }
            }
        }
    }

    /** Spawns per second, of the middle run. */
    double perSecond() {
        return Figures.of(perSecond).median();
    }

    /** CPU time of a spawn in ms, of the middle run. */
    double cpuMillis() {
        return Figures.of(cpuMillis).median();
    }
}
