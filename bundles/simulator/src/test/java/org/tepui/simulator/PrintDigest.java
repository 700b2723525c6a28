// SPDX-License-Identifier: Apache-2.0
package org.tepui.simulator;

/** Prints the digest of one seed, for a comparison between JVMs. */
final class PrintDigest {
    private PrintDigest() {}

    public static void main(String[] arguments) {
        System.out.println(new Simulation(Long.parseLong(arguments[0]), Scenario.small())
                .run()
                .digest());
    }
}
