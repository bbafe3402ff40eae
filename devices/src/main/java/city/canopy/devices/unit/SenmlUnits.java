package city.canopy.devices.unit;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The unit names of SenML (RFC 8428, section 12.1, and RFC 8798) in UCUM. Names that mean the same in both, such as
 * {@code Cel} or {@code m/s2}, are not repeated; only names of the registry are taken.
 */
public final class SenmlUnits {
    private static final Map<String, String> TO_UCUM = new HashMap<>();

    static {
        String same =
                "m kg g s A K cd mol Hz rad sr N Pa J W C V F Ohm S Wb T H Cel lm lx Bq Gy Sv kat m2 m3 l m/s m/s2"
                        + " m3/s l/s W/m2 cd/m2 bit bit/s dB dBW % 1/s 1/min S/m J/m kg/m3 deg ms min h MHz kW Mbit/s mV mA dBm"
                        + " ug/m3 mm/h m/h hPa mm cm km km/h";
        for (String name : same.split(" ")) {
            TO_UCUM.put(name, name);
        }
        String different =
                "lat=deg lon=deg pH=[pH] Bspl=B[SPL] count=1 /=1 %RH=% %EL=% EL=s beat/min=1/min beats=1 B=By"
                        + " VA=V.A VAs=V.A.s var=V.A vars=V.A.s kVA=kV.A kvar=kV.A Ah=A.h Wh=W.h kWh=kW.h varh=V.A.h"
                        + " kvarh=kV.A.h kVAh=kV.A.h Wh/km=W.h/km KiB=KiBy GB=GBy B/s=By/s MB/s=MBy/s ppm=[ppm] /100=%"
                        + " /1000=[ppth] NTU={NTU}";
        for (String pair : different.split(" ")) {
            int equals = pair.indexOf('=');
            TO_UCUM.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
    }

    private SenmlUnits() {}

    /** The UCUM code of a SenML unit name, or empty where the registry has none of that name. */
    public static Optional<String> toUcum(String name) {
        return Optional.ofNullable(TO_UCUM.get(name));
    }

    /** All names, for tests and documents. */
    public static Iterable<String> names() {
        return java.util.Collections.unmodifiableSet(TO_UCUM.keySet());
    }
}
