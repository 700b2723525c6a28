// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Amounts by resource name: {@code cpus:4,mem:1024}. A semicolon does, too, where no shell takes it for itself. */
final class AmountsConverter implements ITypeConverter<Amounts> {
    @Override
    public Amounts convert(String text) {
        try {
            return Amounts.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("amounts such as cpus:4,mem:1024 are expected: " + e.getMessage());
        }
    }
}
