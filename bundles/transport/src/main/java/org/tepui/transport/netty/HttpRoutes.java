// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport.netty;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.tepui.transport.HttpServer;

/** Which handler serves which path. Safe to use from any thread. */
final class HttpRoutes {
    private static final String BELOW = "/*";

    private final Map<String, HttpServer.Handler> exact = new ConcurrentHashMap<>();
    /** By the path before {@code /*}. */
    private final Map<String, HttpServer.Handler> below = new ConcurrentHashMap<>();

    HttpServer.Registration add(String path, HttpServer.Handler handler) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path '" + path + "' does not start with a slash");
        }
        boolean everything = path.endsWith(BELOW);
        Map<String, HttpServer.Handler> routes = everything ? below : exact;
        String key = everything ? path.substring(0, path.length() - BELOW.length()) : path;
        if (routes.putIfAbsent(key, handler) != null) {
            throw new IllegalStateException("path '" + path + "' is served already");
        }
        return () -> routes.remove(key, handler);
    }

    /** The handler of the longest path that matches, or null. */
    HttpServer.@Nullable Handler find(String path) {
        HttpServer.Handler handler = exact.get(path);
        int end = path.length();
        while (handler == null && end >= 0) {
            handler = below.get(path.substring(0, end));
            end = path.lastIndexOf('/', end - 1);
        }
        return handler;
    }
}
