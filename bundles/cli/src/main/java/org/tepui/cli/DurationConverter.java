// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.time.Duration;
import org.tepui.api.configuration.Durations;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as configuration does: {@code 15s}. */
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
        try {
            return Durations.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + value + "' is not allowed: " + e.getMessage());
        }
    }
}
