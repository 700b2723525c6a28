// SPDX-License-Identifier: Apache-2.0
package org.tepui.examples.wordcount;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.tepui.driver.DriverConfig;
import org.tepui.driver.DriverRuntime;
import org.tepui.driver.SchedulerDriver;
import org.tepui.runtime.Address;
import org.tepui.v1.FrameworkInfo;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The word-count framework as a command: connects to a cluster, runs the job, reports. */
@Command(
        name = "wordcount",
        description = "Counts the words of all text files under a directory, as a framework of a cluster.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every count is right",
            "1:the job failed or a count is wrong",
            "2:bad usage",
        })
public final class WordCountCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "what to count (default: the current directory)")
    private Path directory = Path.of(".");

    @Option(
            names = "--master",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:TEPUI_MASTER:-127.0.0.1:5050}",
            description = "the master of the cluster (default: TEPUI_MASTER, without that 127.0.0.1:5050)")
    private String master = "";

    @Option(names = "--chunk-mb", paramLabel = "MB", description = "input of one map task (default: by size of input)")
    private int chunkMegabytes;

    @Option(names = "--reduces", description = "reduce tasks, 1 to 256 (default: ${DEFAULT-VALUE})")
    private int reduces = 2;

    @Option(names = "--cpus", description = "cpus of a task (default: ${DEFAULT-VALUE})")
    private double cpus = 1;

    @Option(names = "--mem", paramLabel = "MB", description = "memory of a task (default: ${DEFAULT-VALUE})")
    private int memoryMegabytes = 256;

    @Option(
            names = "--attempts",
            description = "tries of one task before the job is given up (default: ${DEFAULT-VALUE})")
    private int attempts = 5;

    @Option(names = "--role", description = "role of the framework (default: ${DEFAULT-VALUE})")
    private String role = "*";

    @Option(
            names = "--job-dir",
            paramLabel = "DIR",
            description = "where tasks pass files to each other, the same for all agents (default: a temporary one)")
    private Path jobDirectory = Path.of(System.getProperty("java.io.tmpdir"));

    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        CommandLine command = new CommandLine(new WordCountCommand());
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("print this")
                        .build());
        System.exit(command.execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Address address;
        try {
            address = Address.parse(master);
        } catch (IllegalArgumentException e) {
            return usageProblem("--master: " + e.getMessage());
        }
        if (reduces < 1 || reduces > 256 || attempts < 1 || cpus <= 0 || memoryMegabytes < 32 || chunkMegabytes < 0) {
            return usageProblem("--reduces is 1 to 256, --attempts at least 1, --cpus more than 0, --mem at least 32,"
                    + " --chunk-mb at least 1");
        }
        if (!Files.isDirectory(directory)) {
            return usageProblem(directory + " is not a directory");
        }
        InputFiles input = InputFiles.under(directory);
        if (input.files().isEmpty()) {
            return usageProblem("there are no text files under " + directory);
        }
        JobDirectory job = WordCount.jobDirectory(jobDirectory);
        // also after Ctrl-C
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(job.path()), "delete job directory"));
        return run(address, input, job) ? 0 : FAILED;
    }

    private static int usageProblem(String text) {
        System.err.println("tepui quickstart: " + text);
        return BAD_USAGE;
    }

    private boolean run(Address address, InputFiles input, JobDirectory job) throws IOException, InterruptedException {
        JobSettings settings = new JobSettings(cpus, memoryMegabytes, reduces, attempts, javaProgram(), classPath());
        long chunkBytes = chunkMegabytes > 0 ? (long) chunkMegabytes << 20 : WordCount.defaultChunkBytes(input.bytes());
        WordCount count = new WordCount(input, chunkBytes, settings, job, System.out, isTerminal());
        WordCountScheduler scheduler = count.prepare();
        FrameworkInfo framework = FrameworkInfo.newBuilder()
                .setName("wordcount")
                .setUser(System.getProperty("user.name"))
                .addRoles(role)
                .addCapabilities(
                        FrameworkInfo.Capability.newBuilder().setType(FrameworkInfo.Capability.Type.MULTI_ROLE))
                .setFailoverTimeout(0)
                .build();
        try (DriverRuntime runtime = DriverRuntime.open("wordcount")) {
            SchedulerDriver driver = runtime.driver(DriverConfig.of(address, framework), scheduler);
            driver.start();
            return count.follow(scheduler);
        }
    }

    /** Whether standard output is a terminal; the console of the JDK tells that differently from version to version. */
    private static boolean isTerminal() {
        try {
            String output = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return output.startsWith("/dev/pts/") || output.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }

    private static String javaProgram() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String classPath() {
        try {
            return new File(WordCountTask.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .getAbsolutePath();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the place of this program is not a file", e);
        }
    }

    private static void delete(Path directory) {
        try {
            try (var files = Files.newDirectoryStream(directory)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        } catch (IOException e) {
            System.err.println("tepui quickstart: " + directory + " could not be deleted: " + e);
        }
    }
}
