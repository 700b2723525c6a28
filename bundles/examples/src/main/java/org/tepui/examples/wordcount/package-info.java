// SPDX-License-Identifier: Apache-2.0
/**
 * A framework that counts the words of all text files under a directory: map tasks count one chunk each, reduce
 * tasks add up one part of the words each.
 *
 * <p>A word is a longest run of ASCII letters, ASCII digits and bytes above 127 (so that every other letter of
 * UTF-8 belongs to a word); ASCII capitals count as small letters. The rule looks at bytes alone, so that any file
 * in any encoding has one right answer and a chunk can begin anywhere.
 */
@NullMarked
package org.tepui.examples.wordcount;

import org.jspecify.annotations.NullMarked;
