package city.canopy.geo.osm;

import com.google.protobuf.InvalidProtocolBufferException;
import crosby.binary.Fileformat;
import crosby.binary.Osmformat;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The blocks of a file in OSM's binary form, one after the other; never more than one of them is held. Limits by the
 * format's own rules: 64 KiB for a header, 32 MiB for a block, packed or not.
 */
final class PbfBlocks {
    private static final int MAX_HEADER = 64 << 10;
    private static final int MAX_BLOCK = 32 << 20;
    private static final Set<String> UNDERSTOOD = Set.of("OsmSchema-V0.6", "DenseNodes");

    private final Path file;

    PbfBlocks(Path file) {
        this.file = file;
    }

    interface Use {
        void take(Osmformat.PrimitiveBlock block) throws IOException;
    }

    /** @throws IOException when the file is damaged, or wants more than is understood */
    void forEach(Use use) throws IOException {
        try (InputStream stream = Files.newInputStream(file);
                DataInputStream in = new DataInputStream(new BufferedInputStream(stream, 1 << 16))) {
            boolean first = true;
            for (int length = nextLength(in); length >= 0; length = nextLength(in)) {
                Fileformat.BlobHeader header =
                        Fileformat.BlobHeader.parseFrom(bytes(in, length, MAX_HEADER, "a header"));
                byte[] data =
                        unpacked(Fileformat.Blob.parseFrom(bytes(in, header.getDatasize(), MAX_BLOCK, "a block")));
                if (first != header.getType().equals("OSMHeader")) {
                    throw damaged("its first block, and no other, must be its header");
                }
                if (first) {
                    check(Osmformat.HeaderBlock.parseFrom(data).getRequiredFeaturesList());
                } else if (header.getType().equals("OSMData")) {
                    use.take(Osmformat.PrimitiveBlock.parseFrom(data));
                }
                first = false;
            }
            if (first) {
                throw damaged("it is empty");
            }
        } catch (InvalidProtocolBufferException e) {
            throw damaged(e.getMessage());
        } catch (EOFException e) {
            throw damaged("it is cut off");
        } catch (IndexOutOfBoundsException e) {
            throw damaged("a block refers to a text that it has not");
        }
    }

    /** The length of the next header, or -1 at the end. */
    private static int nextLength(DataInputStream in) throws IOException {
        in.mark(1);
        if (in.read() < 0) {
            return -1;
        }
        in.reset();
        return in.readInt();
    }

    private byte[] bytes(DataInputStream in, int length, int most, String what) throws IOException {
        if (length < 0 || length > most) {
            throw damaged(what + " of " + (length & 0xFFFFFFFFL) + " bytes is over the format's limit");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private byte[] unpacked(Fileformat.Blob blob) throws IOException {
        if (blob.hasRaw()) {
            return blob.getRaw().toByteArray();
        }
        if (!blob.hasZlibData()) {
            throw damaged("its blocks are not packed with zlib; write it anew, for instance with osmium cat");
        }
        int size = blob.getRawSize();
        if (size < 0 || size > MAX_BLOCK) {
            throw damaged("a block unpacks to over 32 MiB");
        }
        byte[] data = new byte[size];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(blob.getZlibData().toByteArray());
            int filled = 0;
            while (filled < size && !inflater.finished()) {
                int n = inflater.inflate(data, filled, size - filled);
                if (n == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    break;
                }
                filled += n;
            }
            if (filled < size) {
                throw damaged("a block is cut off");
            }
            return data;
        } catch (DataFormatException e) {
            throw damaged("a block cannot be unpacked");
        } finally {
            inflater.end();
        }
    }

    private void check(List<String> required) throws IOException {
        for (String feature : required) {
            if (!UNDERSTOOD.contains(feature)) {
                throw new IOException(file.getFileName() + " wants its reader to understand " + feature
                        + ", which Canopy does not; write it anew without");
            }
        }
    }

    private IOException damaged(String why) {
        return new IOException(file.getFileName() + " is no OSM PBF that can be read: " + why);
    }
}
