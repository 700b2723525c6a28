// SPDX-License-Identifier: Apache-2.0
package org.tepui.itests.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A project whose files stand in a page of the documentation, laid out and built as the page says. */
final class VendorProject {
    private static final Pattern FILE =
            Pattern.compile("```[a-z]+\\n(?:<!-- |# |// )file: (\\S+)(?: -->)?\\n(.*?)\\n```", Pattern.DOTALL);
    private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");

    private final Path directory;

    private VendorProject(Path directory) {
        this.directory = directory;
    }

    /** Writes the files of a page into an empty directory. */
    static VendorProject of(Path page, Path directory) throws IOException {
        Matcher file = FILE.matcher(Files.readString(page));
        int files = 0;
        while (file.find()) {
            Path path = directory.resolve(file.group(1));
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.group(2) + "\n");
            files++;
        }
        assertThat(files).as("files shown in " + page).isPositive();
        return new VendorProject(directory);
    }

    /** The first version in the project's pom. */
    String version() throws IOException {
        Matcher version = VERSION.matcher(Files.readString(directory.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }

    /** The class files of the tests. */
    Path testClasses() {
        return directory.resolve("target/test-classes");
    }

    /** Compiles all of it and makes the bundle. */
    Path build() throws Exception {
        Path classes = directory.resolve("target/classes");
        compile("src/main/java", classes, List.of());
        compile("src/test/java", testClasses(), List.of(classes));
        return bundle(classes);
    }

    private void compile(String sources, Path output, List<Path> more) throws IOException {
        Files.createDirectories(output);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> found = Files.walk(directory.resolve(sources))) {
            List<Path> java =
                    found.filter(path -> path.toString().endsWith(".java")).toList();
            String path = Stream.concat(more.stream().map(Path::toString), Stream.of(classPath()))
                    .reduce((first, second) -> first + File.pathSeparator + second)
                    .orElseThrow();
            List<String> options = List.of(
                    "--release", "17", "-Xlint:all", "-Werror", "-proc:none", "-d", output.toString(), "-cp", path);
            boolean compiled = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromPaths(java))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
    }

    private Path bundle(Path classes) throws Exception {
        List<File> path = new ArrayList<>(List.of(classes.toFile()));
        Arrays.stream(classPath().split(File.pathSeparator, -1))
                .map(File::new)
                .filter(File::exists)
                .forEach(path::add);
        try (Builder builder = new Builder()) {
            builder.setProperties(directory.resolve("bnd.bnd").toFile());
            builder.setBundleVersion(version());
            builder.setClasspath(path);
            try (Jar jar = builder.build()) {
                assertThat(builder.getErrors()).isEmpty();
                assertThat(builder.getWarnings()).isEmpty();
                Path bundle = directory.resolve("target/bundle.jar");
                jar.write(bundle.toFile());
                return bundle;
            }
        }
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }
}
