package city.canopy.core.simulate;

import city.canopy.devices.model.DeviceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokens of simulated devices, kept from one run to the next: lines of {@code id,token}, readable by the account
 * alone that made them.
 */
final class KeptLogins {
    private static final String HEAD = "id,token";

    private final Path file;
    private final Map<DeviceId, String> tokens = new LinkedHashMap<>();

    private KeptLogins(Path file) {
        this.file = file;
    }

    /** @throws IOException when the file is there and cannot be read or is something else */
    static KeptLogins read(Path file) throws IOException {
        KeptLogins kept = new KeptLogins(file);
        if (Files.exists(file)) {
            List<String> lines = Files.readAllLines(file);
            if (lines.isEmpty() || !lines.get(0).equals(HEAD)) {
                throw new IOException(file + " does not begin with " + HEAD + "; name another file");
            }
            for (String line : lines.subList(1, lines.size())) {
                int comma = line.indexOf(',');
                if (comma < 1 || !DeviceId.isValid(line.substring(0, comma))) {
                    throw new IOException(file + " holds a line that is not id,token; name another file");
                }
                kept.tokens.put(new DeviceId(line.substring(0, comma)), line.substring(comma + 1));
            }
        }
        return kept;
    }

    Map<DeviceId, String> tokens() {
        return tokens;
    }

    /** Writes the file anew with these among them. */
    void add(Map<DeviceId, String> more) throws IOException {
        tokens.putAll(more);
        StringBuilder text = new StringBuilder(HEAD).append('\n');
        tokens.forEach(
                (id, token) -> text.append(id.value()).append(',').append(token).append('\n'));
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        if (Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
