// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tepui.plugins.fixture.Exits;
import org.tepui.plugins.fixture.PolicyActivator;

class ExitRewriterTest {
    @ParameterizedTest
    @CsvSource({
        "inInterface,System.exit",
        "exit,System.exit",
        "runtimeExit,Runtime.exit",
        "halt,Runtime.halt",
        "reference,System.exit",
        "boundReference,Runtime.halt"
    })
    void throwsWhereTheProcessWouldEnd(String method, String call) throws ReflectiveOperationException {
        Class<?> type = new Rewritten().loadClass(Exits.InClass.class.getName());
        Object exits = type.getConstructor().newInstance();
        assertThatThrownBy(() -> type.getMethod(method).invoke(exits))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .isInstanceOf(SecurityException.class)
                .hasMessage("plug-in a 1.0.0 called " + call + ": a plug-in must not end the process");
    }

    @Test
    void leavesTheOtherBranchAsItWas() throws ReflectiveOperationException {
        Class<?> type = new Rewritten().loadClass(Exits.InClass.class.getName());
        Object exits = type.getConstructor().newInstance();
        assertThat(type.getMethod("branch", int.class).invoke(exits, -7)).isEqualTo(-7);
    }

    @Test
    void changesNothingWhereNothingEnds() {
        assertThat(ExitRewriter.rewrite(PluginJars.bytes(PolicyActivator.class), "plug-in a 1.0.0"))
                .isEmpty();
    }

    /** Defines the fixtures anew, rewritten. */
    private static final class Rewritten extends ClassLoader {
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(Exits.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            byte[] bytes = PluginJars.bytes(Class.forName(name));
            byte[] rewritten = ExitRewriter.rewrite(bytes, "plug-in a 1.0.0").orElse(bytes);
            return defineClass(name, rewritten, 0, rewritten.length);
        }
    }
}
