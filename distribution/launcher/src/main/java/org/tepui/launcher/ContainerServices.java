// SPDX-License-Identifier: Apache-2.0
package org.tepui.launcher;

import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.tepui.api.service.Failure;
import org.tepui.api.service.Readiness;

/**
 * Reads services whose interfaces the launcher and the bundles load apart, each from its own copy of the API: by
 * name, and by their methods that return text.
 */
final class ContainerServices {
    private final BundleContext context;

    ContainerServices(BundleContext context) {
        this.context = context;
    }

    /** {@code HOST:PORT} of a service that is ready. */
    Optional<String> addressOfReady(Service service) throws LaunchException {
        return read(Readiness.class, service, "address");
    }

    /** Why a service cannot go on, if it said so. */
    Optional<String> reasonOfFailure(Service service) throws LaunchException {
        return read(Failure.class, service, "reason");
    }

    private Optional<String> read(Class<?> type, Service service, String method) throws LaunchException {
        try {
            ServiceReference<?>[] references = context.getAllServiceReferences(type.getName(), null);
            if (references == null) {
                return Optional.empty();
            }
            for (ServiceReference<?> reference : references) {
                Object object = context.getService(reference);
                if (object != null) {
                    Class<?> theirs = reference.getBundle().loadClass(type.getName());
                    if (service.bundles().equals(theirs.getMethod("service").invoke(object))) {
                        return Optional.of(
                                String.valueOf(theirs.getMethod(method).invoke(object)));
                    }
                }
            }
            return Optional.empty();
        } catch (InvalidSyntaxException | ReflectiveOperationException e) {
            throw LaunchException.failure(type.getSimpleName() + " of " + service.bundles() + " cannot be read: " + e);
        }
    }
}
