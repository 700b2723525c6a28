// SPDX-License-Identifier: Apache-2.0
package org.tepui.cli;

import java.math.BigDecimal;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads amounts as people write them: {@code 0.5}. */
final class DecimalConverter implements ITypeConverter<BigDecimal> {
    @Override
    public BigDecimal convert(String value) {
        if (!value.matches("-?\\d{1,18}(\\.\\d{1,18})?")) {
            throw new TypeConversionException("'" + value + "' is not allowed: a number such as 0.5 is expected");
        }
        return new BigDecimal(value);
    }
}
