package city.canopy.core.http;

import city.canopy.core.access.Role;

/**
 * Who may call an operation.
 *
 * @param kind whether it is for everybody, for users, or for devices
 * @param role the least role that a user needs; null for the other kinds
 */
record Access(Kind kind, Role role) {
    /** For whom. */
    enum Kind {
        OPEN,
        USER,
        DEVICE
    }

    static final Access EVERYBODY = new Access(Kind.OPEN, null);
    static final Access DEVICES = new Access(Kind.DEVICE, null);

    static Access users(Role least) {
        return new Access(Kind.USER, least);
    }
}
