package city.canopy.core.photos;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Makes of what a phone sends a photo that may be shown: decoded, turned upright, scaled, and encoded anew, so that nothing
 * but pixels is left of it. What it is, is told by its bytes. Pixels are counted by the header before any is decoded.
 * Stateless; blocks and takes up to some hundred megabytes for a moment, so it is to be run one photo at a time.
 */
public final class Darkroom {
    /** The most pixels that are decoded. */
    public static final long MAX_PIXELS = 40_000_000;
    /** The longer side of what is served, in pixels. */
    public static final int IMAGE_SIDE = 2_048;
    /** The longer side of the small form. */
    public static final int THUMB_SIDE = 320;

    private static final float QUALITY = 0.85f;

    private Darkroom() {}

    /** @param bytes what was sent; not changed */
    public static Developed develop(byte[] bytes) {
        boolean jpeg = startsWith(bytes, 0xFF, 0xD8, 0xFF);
        boolean png = startsWith(bytes, 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A);
        if (!jpeg && !png) {
            return new Developed.Refused("not_a_photo", "This is neither JPEG nor PNG; send one of these.");
        }
        if (png && !PngChunks.areWhole(bytes)) {
            return damaged("a part of the file is missing or changed");
        }
        ImageReader reader =
                ImageIO.getImageReadersByFormatName(jpeg ? "jpeg" : "png").next();
        try {
            return developed(reader, bytes, jpeg ? Exif.of(bytes) : Exif.NONE);
        } catch (IOException | RuntimeException e) {
            // The readers of the JDK throw whatever comes to them on bytes that are wrong.
            return damaged(String.valueOf(e.getMessage()));
        } finally {
            reader.dispose();
        }
    }

    private static Developed damaged(String why) {
        return new Developed.Refused("damaged_photo", "The photo cannot be decoded (" + why + "); send it again.");
    }

    private static boolean startsWith(byte[] bytes, int... head) {
        if (bytes.length < head.length) {
            return false;
        }
        for (int i = 0; i < head.length; i++) {
            if ((bytes[i] & 0xFF) != head[i]) {
                return false;
            }
        }
        return true;
    }

    private static Developed developed(ImageReader reader, byte[] bytes, Exif exif) throws IOException {
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)), true, true);
        long width = reader.getWidth(0);
        long height = reader.getHeight(0);
        if (width * height > MAX_PIXELS) {
            return new Developed.Refused(
                    "too_many_pixels",
                    "The photo has " + width + " x " + height + " pixels, over " + MAX_PIXELS / 1_000_000
                            + " million; send it smaller.");
        }
        ImageReadParam param = reader.getDefaultReadParam();
        // Leaving out whole rows and columns first keeps a large photo from being in memory at its full size.
        int every = (int) Math.max(1, Math.max(width, height) / IMAGE_SIDE);
        param.setSourceSubsampling(every, every, 0, 0);
        BufferedImage decoded = reader.read(0, param);
        if (!warnings.isEmpty()) {
            return damaged(warnings.get(0));
        }
        BufferedImage image = drawn(decoded, exif.orientation(), IMAGE_SIDE);
        BufferedImage small = image;
        while (Math.max(small.getWidth(), small.getHeight()) > 2 * THUMB_SIDE) {
            // By halves, so that every pixel counts.
            small = drawn(small, 1, Math.max(small.getWidth(), small.getHeight()) / 2);
        }
        return new Developed.Ready(
                jpeg(image), jpeg(drawn(small, 1, THUMB_SIDE)), image.getWidth(), image.getHeight(), exif.taken());
    }

    /** Upright, on white where it is transparent, its longer side at most so many pixels. */
    private static BufferedImage drawn(BufferedImage source, int orientation, int side) {
        int w = source.getWidth();
        int h = source.getHeight();
        double scale = Math.min(1, (double) side / Math.max(w, h));
        boolean turned = orientation >= 5;
        int width = Math.max(1, (int) Math.round((turned ? h : w) * scale));
        int height = Math.max(1, (int) Math.round((turned ? w : h) * scale));
        BufferedImage target = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = target.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, width, height);
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            AffineTransform transform = AffineTransform.getScaleInstance(
                    (double) width / (turned ? h : w), (double) height / (turned ? w : h));
            transform.concatenate(upright(orientation, w, h));
            graphics.drawImage(source, transform, null);
        } finally {
            graphics.dispose();
        }
        return target;
    }

    /** What the EXIF orientations 1 to 8 ask to be done to a picture of this size, as a matrix. */
    private static AffineTransform upright(int orientation, int w, int h) {
        return switch (orientation) {
            case 2 -> new AffineTransform(-1, 0, 0, 1, w, 0);
            case 3 -> new AffineTransform(-1, 0, 0, -1, w, h);
            case 4 -> new AffineTransform(1, 0, 0, -1, 0, h);
            case 5 -> new AffineTransform(0, 1, 1, 0, 0, 0);
            case 6 -> new AffineTransform(0, 1, -1, 0, h, 0);
            case 7 -> new AffineTransform(0, -1, -1, 0, h, w);
            case 8 -> new AffineTransform(0, -1, 1, 0, 0, w);
            default -> new AffineTransform();
        };
    }

    private static byte[] jpeg(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(QUALITY);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), param);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }
}
