// SPDX-License-Identifier: Apache-2.0
package org.tepui.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void medianOfAnEvenNumberOfRoundsLiesBetweenTheMiddleTwo() {
        assertThat(Figures.of(List.of(4.0, 1.0, 3.0, 10.0))).isEqualTo(new Figures(Optional.empty(), 1, 3.5, 10));
    }

    @Test
    void coldRoundIsNotPartOfTheWarmFigures() {
        assertThat(Figures.coldFirst(List.of(0.5, 2.0, 1.0, 3.0))).isEqualTo(new Figures(Optional.of(0.5), 1, 2, 3));
    }

    @Test
    void onlyRoundIsColdAndStandsForAll() {
        assertThat(Figures.coldFirst(List.of(7.0))).isEqualTo(new Figures(Optional.of(7.0), 7, 7, 7));
    }

    @Test
    void noRoundsAreRefused() {
        assertThatThrownBy(() -> Figures.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void quantilesAreSamples() {
        long[] samples = new long[100];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = 100L - i;
        }
        assertThat(Figures.quantile(samples, 0.5)).isEqualTo(50);
        assertThat(Figures.quantile(samples, 0.99)).isEqualTo(99);
        assertThat(Figures.quantile(samples, 1)).isEqualTo(100);
        assertThat(Figures.quantile(samples, 0)).isEqualTo(1);
    }
}
