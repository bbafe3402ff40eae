package city.canopy.core.photos;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DarkroomTest {
    private static Developed.Ready ready(byte[] bytes) {
        Developed developed = Darkroom.develop(bytes);
        assertThat(developed).isInstanceOf(Developed.Ready.class);
        return (Developed.Ready) developed;
    }

    private static String refusal(byte[] bytes) {
        return Darkroom.develop(bytes) instanceof Developed.Refused refused ? refused.code() : "taken";
    }

    /** The four corners, row by row, as letters. */
    private static String corners(BufferedImage image) {
        int right = image.getWidth() * 3 / 4;
        int bottom = image.getHeight() * 3 / 4;
        int left = image.getWidth() / 4;
        int top = image.getHeight() / 4;
        StringBuilder letters = new StringBuilder();
        for (int[] at : new int[][] {{left, top}, {right, top}, {left, bottom}, {right, bottom}}) {
            int rgb = image.getRGB(at[0], at[1]);
            boolean red = (rgb >> 16 & 255) > 127;
            boolean green = (rgb >> 8 & 255) > 127;
            boolean blue = (rgb & 255) > 127;
            letters.append(red && green && blue ? 'w' : red ? 'r' : green ? 'g' : blue ? 'b' : '-');
        }
        return letters.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "1, rgbw, 96, 64", "2, grwb, 96, 64", "3, wbgr, 96, 64", "4, bwrg, 96, 64",
        "5, rbgw, 64, 96", "6, brwg, 64, 96", "7, wgbr, 64, 96", "8, gwrb, 64, 96"
    })
    void aPhotoIsTurnedUpright(int orientation, String corners, int width, int height) throws IOException {
        byte[] jpeg = Pictures.encode(Pictures.quarters(96, 64), "jpeg");
        Developed.Ready ready = ready(Pictures.withExif(jpeg, orientation));
        BufferedImage image = Pictures.decode(ready.image());
        assertThat(corners(image)).isEqualTo(corners);
        assertThat(image.getWidth()).isEqualTo(width).isEqualTo(ready.width());
        assertThat(image.getHeight()).isEqualTo(height).isEqualTo(ready.height());
    }

    @Test
    void nothingButPixelsAndTheTimeIsKept() throws IOException {
        byte[] sent = Pictures.withExif(Pictures.encode(Pictures.quarters(96, 64), "jpeg"), 1);
        assertThat(new String(sent, StandardCharsets.ISO_8859_1)).contains("Exif", Pictures.SERIAL);
        Developed.Ready ready = ready(sent);
        for (byte[] served : new byte[][] {ready.image(), ready.thumb()}) {
            assertThat(new String(served, StandardCharsets.ISO_8859_1)).doesNotContain("Exif", Pictures.SERIAL);
        }
        assertThat(ready.taken().orElseThrow().at(ZoneOffset.UTC)).isEqualTo(Instant.parse("2026-01-31T01:15:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png"})
    void aLargePhotoIsScaledAndASmallOneIsNot(String format) throws IOException {
        Developed.Ready large = ready(Pictures.encode(Pictures.quarters(5_000, 2_500), format));
        assertThat(large.width()).isEqualTo(2_048);
        assertThat(large.height()).isEqualTo(1_024);
        BufferedImage thumb = Pictures.decode(large.thumb());
        assertThat(thumb.getWidth()).isEqualTo(320);
        assertThat(thumb.getHeight()).isEqualTo(160);
        assertThat(corners(thumb)).isEqualTo("rgbw");
        Developed.Ready small = ready(Pictures.encode(Pictures.quarters(7, 1), format));
        assertThat(small.width()).isEqualTo(7);
        assertThat(Pictures.decode(small.thumb()).getWidth()).isEqualTo(7);
    }

    @Test
    void transparentPlacesBecomeWhite() throws IOException {
        byte[] png = Pictures.encode(new BufferedImage(20, 20, BufferedImage.TYPE_INT_ARGB), "png");
        assertThat(corners(Pictures.decode(ready(png).image()))).isEqualTo("wwww");
    }

    @Test
    void pixelsAreCountedBeforeTheyAreDecoded() throws IOException {
        assertThat(refusal(header(40_001, 1_000))).isEqualTo("too_many_pixels");
        assertThat(refusal(header(Integer.MAX_VALUE, Integer.MAX_VALUE))).isEqualTo("too_many_pixels");
        assertThat(refusal(header(40_000, 1_000))).as("and no pixels follow").isEqualTo("damaged_photo");
    }

    /** A PNG that says it is so large, and ends. */
    private static byte[] header(int width, int height) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(0x89504E470D0A1A0AL);
        ByteArrayOutputStream ihdr = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(ihdr);
        data.writeBytes("IHDR");
        data.writeInt(width);
        data.writeInt(height);
        data.write(new byte[] {8, 2, 0, 0, 0});
        chunk(out, ihdr.toByteArray());
        chunk(out, "IEND".getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }

    private static void chunk(DataOutputStream out, byte[] typeAndData) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(typeAndData);
        out.writeInt(typeAndData.length - 4);
        out.write(typeAndData);
        out.writeInt((int) crc.getValue());
    }

    @Test
    void whatIsNoJpegAndNoPngIsRefusedByItsBytes() throws IOException {
        assertThat(refusal(new byte[0])).isEqualTo("not_a_photo");
        assertThat(refusal(Pictures.encode(Pictures.quarters(9, 9), "gif"))).isEqualTo("not_a_photo");
        assertThat(refusal("<svg xmlns=\"http://www.w3.org/2000/svg\"/>".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("not_a_photo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png"})
    void aPhotoThatBreaksOffAnywhereIsRefused(String format) throws IOException {
        byte[] whole = Pictures.encode(noise(64, 48), format);
        assertThat(refusal(whole)).isEqualTo("taken");
        for (int length = 0; length < whole.length; length += 1 + length / 50) {
            assertThat(refusal(Arrays.copyOf(whole, length)))
                    .as("%d of %d bytes", length, whole.length)
                    .isNotEqualTo("taken");
        }
        assertThat(refusal(Arrays.copyOf(whole, whole.length - 1))).isEqualTo("damaged_photo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png"})
    void changedBytesAreTakenOrRefusedAndNothingElseHappens(String format) throws IOException {
        Random random = new Random(20261127);
        byte[] whole = Pictures.encode(noise(64, 48), format);
        whole = format.equals("jpeg") ? Pictures.withExif(whole, 6) : whole;
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] mutant = whole.clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                mutant[random.nextInt(Math.min(mutant.length, 700))] = (byte) random.nextInt(256);
            }
            refused += Darkroom.develop(mutant) instanceof Developed.Refused ? 1 : 0;
        }
        assertThat(refused).isBetween(100, 2_000);
    }

    private static BufferedImage noise(int width, int height) {
        Random random = new Random(7);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, random.nextInt(0x1000000));
        }
        return image;
    }
}
