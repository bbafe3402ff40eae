package city.canopy.geo.file;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Locale;

/**
 * How the texts of an old file are encoded. Besides Java's charsets there is TCVN 5712 VN3 ("TCVN3", the ABC fonts), in
 * which many Vietnamese files before about 2005 were written; its letters stand where other encodings have symbols. What
 * comes out is composed (NFC), as windows-1258 writes most accents as characters of their own.
 */
final class TextEncoding {
    private static final String TCVN3_LETTERS = "ĂÂÊÔƠƯĐăâêôơưđ";
    private static final int TCVN3_FIRST = 0xA1;
    /** The accented small letters, each with its place. */
    private static final String TCVN3_ACCENTED = "µà¸á¶ả·ã¹ạ»ằ¾ắ¼ẳ½ẵÆặÇầÊấÈẩÉẫËậÌèÐéÎẻÏẽÑẹÒềÕếÓểÔễÖệ×ìÝíØỉÜĩÞị"
            + "ßòãóáỏâõäọåồèốæổçỗéộêờíớëởìỡîợïùóúñủòũôụõừøứöử÷ữùựúỳýýûỷüỹþỵ";

    private static final char[] TCVN3 = tcvn3();

    private final Charset charset;
    private final boolean tcvn3;

    private TextEncoding(Charset charset, boolean tcvn3) {
        this.charset = charset;
        this.tcvn3 = tcvn3;
    }

    static final TextEncoding UTF_8 = new TextEncoding(StandardCharsets.UTF_8, false);

    /** Of a name as it stands in a .cpg file or is said by a person. @throws IOException when nobody knows it */
    static TextEncoding of(String said) throws IOException {
        String name = said.strip().toUpperCase(Locale.ROOT).replace("_", "-");
        if (name.matches("TCVN-?3(-?ABC)?|ABC|TCVN-?5712(-?3|:?-?VN3)?|VN3")) {
            return new TextEncoding(StandardCharsets.ISO_8859_1, true);
        }
        if (name.matches("UTF-?8|65001")) {
            return UTF_8;
        }
        String java = name.matches("(ANSI[ -])?[0-9]{4}") ? "windows-" + name.replaceAll("[^0-9]", "") : name;
        java = name.matches("8859-?1|88591|ISO-?8859-?1") ? "ISO-8859-1" : java;
        try {
            return new TextEncoding(Charset.forName(java), false);
        } catch (IllegalArgumentException e) {
            throw new IOException("the text encoding " + said.strip()
                    + " is not known; say another, such as UTF-8, windows-1258 or TCVN3");
        }
    }

    /** The charset in which bytes are to be turned into characters, before {@link #text}. */
    Charset charset() {
        return charset;
    }

    /** The true text of characters that were read with {@link #charset()}. */
    String text(String read) {
        if (!tcvn3) {
            return Normalizer.normalize(read, Normalizer.Form.NFC);
        }
        StringBuilder text = new StringBuilder(read.length());
        for (int i = 0; i < read.length(); i++) {
            char c = read.charAt(i);
            text.append(c < TCVN3.length ? TCVN3[c] : c);
        }
        return text.toString();
    }

    /** Whether the rows of a dBASE file are UTF-8, as ASCII is too. */
    static boolean isUtf8(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
                Reader rows = new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder())) {
            // The head of a dBASE file is binary: its length stands at bytes 8 and 9.
            byte[] start = in.readNBytes(10);
            if (start.length == 10) {
                in.skip(Math.max(0, ((start[8] & 0xFF) | (start[9] & 0xFF) << 8) - start.length));
            }
            char[] buffer = new char[8_192];
            while (rows.read(buffer) >= 0) {
                // Only whether it can be read at all.
                continue;
            }
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static char[] tcvn3() {
        char[] table = new char[256];
        for (int i = 0; i < table.length; i++) {
            table[i] = (char) i;
        }
        for (int i = 0; i < TCVN3_LETTERS.length(); i++) {
            table[TCVN3_FIRST + i] = TCVN3_LETTERS.charAt(i);
        }
        for (int i = 0; i < TCVN3_ACCENTED.length(); i += 2) {
            table[TCVN3_ACCENTED.charAt(i)] = TCVN3_ACCENTED.charAt(i + 1);
        }
        return table;
    }
}
