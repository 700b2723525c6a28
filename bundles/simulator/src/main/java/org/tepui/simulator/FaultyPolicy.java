// SPDX-License-Identifier: Apache-2.0
package org.tepui.simulator;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.tepui.allocator.Allocator;
import org.tepui.allocator.AllocatorContext;
import org.tepui.allocator.AllocatorFactory;

/** A policy that does as another until, after some calls, it throws: at once, during a swap, or when it serves. */
final class FaultyPolicy implements AllocatorFactory {
    static final String NAME = "faulty";
    private static final List<Integer> CALLS = List.of(1, 10, 100, 1000);

    private final AllocatorFactory sound;
    private final RandomGenerator random;

    FaultyPolicy(AllocatorFactory sound, RandomGenerator random) {
        this.sound = sound;
        this.random = random;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Allocator create(AllocatorContext context, Map<String, String> configuration) {
        Allocator allocator = sound.create(context, configuration);
        int[] left = {random.nextInt(CALLS.get(random.nextInt(CALLS.size())))};
        return (Allocator) Proxy.newProxyInstance(
                Allocator.class.getClassLoader(), new Class<?>[] {Allocator.class}, (proxy, method, arguments) -> {
                    if (left[0] == 0 && !method.getName().equals("close")) {
                        throw new IllegalStateException("this policy is made to fail");
                    }
                    left[0]--;
                    try {
                        return method.invoke(allocator, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
