package city.canopy.devices.codec;

import java.util.Map;

/** The fields of a SenML record (RFC 8428, table 4): their names in JSON and their numbers in CBOR. */
enum SenmlLabel {
    BASE_VERSION("bver", -1),
    BASE_NAME("bn", -2),
    BASE_TIME("bt", -3),
    BASE_UNIT("bu", -4),
    BASE_VALUE("bv", -5),
    BASE_SUM("bs", -6),
    NAME("n", 0),
    UNIT("u", 1),
    VALUE("v", 2),
    STRING_VALUE("vs", 3),
    BOOLEAN_VALUE("vb", 4),
    SUM("s", 5),
    TIME("t", 6),
    UPDATE_TIME("ut", 7),
    DATA_VALUE("vd", 8);

    private static final Map<String, SenmlLabel> JSON = new java.util.HashMap<>();
    private static final Map<String, SenmlLabel> CBOR = new java.util.HashMap<>();

    static {
        for (SenmlLabel label : values()) {
            JSON.put(label.name, label);
            CBOR.put(Integer.toString(label.number), label);
        }
    }

    private final String name;
    private final int number;

    SenmlLabel(String name, int number) {
        this.name = name;
        this.number = number;
    }

    /** Whether it holds for the records that follow, too. */
    boolean isBase() {
        return number < 0;
    }

    /** The label of a JSON member, or null. */
    static SenmlLabel ofJson(String member) {
        return JSON.get(member);
    }

    /** The label of a CBOR key as the reader shows it (numbers as text), or null. */
    static SenmlLabel ofCbor(String key) {
        return CBOR.get(key);
    }
}
