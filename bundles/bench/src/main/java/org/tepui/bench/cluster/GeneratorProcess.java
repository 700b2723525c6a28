// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.tepui.bench.load.LoadGenerator;
import org.tepui.bench.report.BenchException;

/** A load generator in a process of its own, which does one step after the other when told. */
final class GeneratorProcess implements AutoCloseable {
    private static final int STOP_SECONDS = 10;

    private final Process process;
    private final BufferedReader output;
    private final OutputStream input;

    private GeneratorProcess(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.input = process.getOutputStream();
    }

    /** Starts it; it begins with the first step. */
    static GeneratorProcess start(List<String> arguments) throws BenchException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                LoadGenerator.class.getName()));
        command.addAll(arguments);
        try {
            return new GeneratorProcess(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new BenchException("cannot start the load generator: " + e.getMessage(), e);
        }
    }

    /** Waits for a step to end, and returns the seconds that it took. */
    double awaitStep(String name) throws BenchException {
        try {
            String line = output.readLine();
            if (line == null || !line.startsWith(name + " ")) {
                throw new BenchException("the load generator did not get through the step '" + name + "'");
            }
            return Double.parseDouble(line.substring(name.length() + 1));
        } catch (IOException e) {
            throw new BenchException("the load generator cannot be heard: " + e.getMessage(), e);
        }
    }

    /** Lets it go on with the next step. */
    void proceed() throws BenchException {
        try {
            input.write('\n');
            input.flush();
        } catch (IOException e) {
            throw new BenchException("the load generator has ended: " + e.getMessage(), e);
        }
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
