// SPDX-License-Identifier: Apache-2.0
package org.tepui.transport;

/**
 * Why a message was not taken: the caller's error, as data.
 *
 * @param kind what sort of refusal
 * @param reason a sentence for people: the field or key, the value, what is allowed
 */
public record Refusal(Kind kind, String reason) {
    /** Sorts of refusals, each with the status that HTTP has for it. */
    public enum Kind {
        /** The message is malformed or breaks a rule. */
        BAD_REQUEST(400),
        /** Nobody said who is calling. */
        UNAUTHENTICATED(401),
        /** The caller may not do that, now or at all. */
        FORBIDDEN(403),
        /** What the message names is not there. */
        NOT_FOUND(404),
        /** It contradicts the present state. */
        CONFLICT(409),
        /** It is more than the service takes. */
        TOO_LARGE(413),
        /** It is known and not built. */
        NOT_IMPLEMENTED(501),
        /** The service cannot answer at present. */
        UNAVAILABLE(503);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /**
         * The kind of an HTTP status; a status of no kind counts as bad request below 500 and as unavailable from
         * there.
         */
        public static Kind ofStatus(int status) {
            for (Kind kind : values()) {
                if (kind.status == status) {
                    return kind;
                }
            }
            return status < 500 ? BAD_REQUEST : UNAVAILABLE;
        }

        /** The HTTP status. */
        public int status() {
            return status;
        }
    }
}
