// SPDX-License-Identifier: Apache-2.0
package org.tepui.shim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the launcher does with input that no service would write. */
@Timeout(120)
class LauncherInputTest {
    private static final int MAGIC = 0x54534601;
    private static final int BAD_INPUT = 2;
    private ShimWorld world;

    @BeforeEach
    void begin() throws Exception {
        world = new ShimWorld();
        assertThat(world.runtime.toFile().mkdir()).isTrue();
        assertThat(world.runtime.toFile().setWritable(false, false)).isTrue();
        assertThat(world.runtime.toFile().setWritable(true, true)).isTrue();
    }

    @AfterEach
    void end() throws Exception {
        world.end();
    }

    private record Outcome(int status, String said) {}

    private Outcome feed(byte[] input) throws Exception {
        Process launcher = new ProcessBuilder(ShimWorld.SHIM.toString(), "launcher", world.runtime.toString())
                .redirectErrorStream(true)
                .start();
        try (OutputStream out = launcher.getOutputStream()) {
            out.write(input);
        } catch (IOException e) {
            // it ended before it read all: its status says why
            assertThat(e).hasMessageContaining("pipe");
        }
        String said = new String(launcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(launcher.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Outcome(launcher.exitValue(), said);
    }

    private static byte[] frame(int magic, int type, int length, byte[] payload) {
        CRC32 checksum = new CRC32();
        checksum.update(payload);
        return ByteBuffer.allocate(16 + payload.length)
                .putInt(magic)
                .putInt(type)
                .putInt(length)
                .putInt((int) checksum.getValue())
                .put(payload)
                .array();
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(5 + bytes.length)
                .putInt(bytes.length + 1)
                .put(bytes)
                .put((byte) 0)
                .array();
    }

    @Test
    void endsWithTheInput() throws Exception {
        assertThat(feed(new byte[0])).isEqualTo(new Outcome(0, "ready\n"));
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        byte[] id = text("x");
        assertThat(feed("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)).said)
                .contains("no frame of this version");
        assertThat(feed(frame(MAGIC + 1, 5, id.length, id)).said).contains("no frame of this version");
        assertThat(feed(frame(MAGIC, 5, Integer.MAX_VALUE, id)).said).contains("too long");
        assertThat(feed(frame(MAGIC, 5, -1, id)).said).contains("too long");
        assertThat(feed(frame(MAGIC, 99, id.length, id)).said).contains("unknown type 'x'");
        assertThat(feed(frame(MAGIC, 5, id.length + 1, id)).said).contains("ends within a frame");
        assertThat(feed(new byte[] {0x54, 0x53}).said).contains("ends within a frame");
        byte[] damaged = frame(MAGIC, 5, id.length, id);
        damaged[damaged.length - 2] ^= 1;
        assertThat(feed(damaged).said).contains("checksum");
        for (String path : new String[] {"..", ".", "../../etc", "/etc/passwd", "a/b", "a\nb", ""}) {
            byte[] payload = text(path);
            Outcome outcome = feed(frame(MAGIC, 5, payload.length, payload));
            assertThat(outcome.said).contains("not usable as a file name");
            assertThat(outcome.status).isEqualTo(BAD_INPUT);
        }
        byte[] large = text("x".repeat(1 << 20));
        assertThat(feed(frame(MAGIC, 5, large.length, large)).said).contains("a text is too long");
    }

    @Test
    void survivesRandomInput() throws Exception {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            byte[] input = new byte[1 + random.nextInt(100_000)];
            random.nextBytes(input);
            if (seed % 2 == 0 && input.length > 16) {
                ByteBuffer.wrap(input)
                        .putInt(MAGIC)
                        .putInt(1 + random.nextInt(6))
                        .putInt(random.nextInt(input.length));
            }
            Outcome outcome = feed(input);
            assertThat(outcome.status).as("seed " + seed + ": " + outcome.said).isEqualTo(BAD_INPUT);
        }
        String[] recorded = world.runtime.resolve("processes").toFile().list();
        assertThat(recorded).isEmpty();
    }

    @Test
    void parsesDamagedFramesWithinTheirBounds() throws Exception {
        Path test = Path.of(System.getProperty("tepui.frame.test", "target/frame-test"));
        Process process = new ProcessBuilder(test.toString(), "20000", "1")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Test
    void saysHowItIsUsed() throws Exception {
        Process process = new ProcessBuilder(ShimWorld.SHIM.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("usage: tepui-shim launcher RUNTIME_DIRECTORY");
        assertThat(process.waitFor()).isEqualTo(64);
    }
}
