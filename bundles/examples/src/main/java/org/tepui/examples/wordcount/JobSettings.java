// SPDX-License-Identifier: Apache-2.0
package org.tepui.examples.wordcount;

/**
 * What a task of the job asks for, and how often it is tried.
 *
 * @param cpus of a task
 * @param memoryMegabytes of a task
 * @param reduces number of reduce tasks
 * @param attempts of one task before the job is given up
 * @param java the program that runs a task
 * @param classPath where the tasks find this package
 */
record JobSettings(double cpus, int memoryMegabytes, int reduces, int attempts, String java, String classPath) {}
