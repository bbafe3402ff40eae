package city.canopy.geo.index;

import city.canopy.geo.layer.GeoFeature;
import java.util.ArrayList;
import java.util.List;

/** The best few of the features offered so far, nearest first, ties by id. For one query, one thread. */
final class Nearest {
    private final GeoFeature[] features;
    private final double[] squares;
    private final double maxSquare;
    private int size;

    Nearest(int count, double maxMeters) {
        this.features = new GeoFeature[count];
        this.squares = new double[count];
        this.maxSquare = maxMeters * maxMeters;
    }

    /** The square of the distance beyond which nothing can be among the best any more. */
    double worstSquare() {
        return size < features.length ? maxSquare : squares[size - 1];
    }

    boolean isFull() {
        return size == features.length;
    }

    void offer(GeoFeature feature, double square) {
        if (!(square <= worstSquare())) {
            return;
        }
        int place = size;
        while (place > 0 && comesBefore(feature, square, place - 1)) {
            place--;
        }
        if (place == features.length) {
            return;
        }
        int last = Math.min(size, features.length - 1);
        System.arraycopy(features, place, features, place + 1, last - place);
        System.arraycopy(squares, place, squares, place + 1, last - place);
        features[place] = feature;
        squares[place] = square;
        size = Math.min(size + 1, features.length);
    }

    private boolean comesBefore(GeoFeature feature, double square, int index) {
        return square < squares[index]
                || square == squares[index] && feature.id().compareTo(features[index].id()) < 0;
    }

    List<Hit> hits() {
        List<Hit> hits = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            hits.add(new Hit(features[i], Math.sqrt(squares[i])));
        }
        return hits;
    }
}
