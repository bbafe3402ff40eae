package city.canopy.core.series;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.db.Database;
import city.canopy.core.db.TestDatabase;
import city.canopy.core.series.Datastreams.Key;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.model.Quantity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatastreamsTest {
    private final Database database = TestDatabase.fresh(6);

    @AfterEach
    void close() {
        database.close();
    }

    private static Key key(int n) {
        return new Key(new DeviceId("d" + n), new Quantity("tilt"), 0, "trees", "t" + n % 10, "deg");
    }

    private static Key ofDevice(String device, String unit) {
        return new Key(new DeviceId(device), new Quantity("battery"), 1, null, null, unit);
    }

    @Test
    void newOnesAreMadeAndComeBackInTheOrderAskedFor() {
        Datastreams datastreams = Datastreams.load(database);
        List<Datastream> made = datastreams.resolve(List.of(key(2), ofDevice("x", "%"), key(1), key(2)));
        assertThat(made).extracting(d -> d.device().value()).containsExactly("d2", "x", "d1", "d2");
        assertThat(made.get(0)).isEqualTo(made.get(3));
        assertThat(made.get(1).layer()).isNull();
        assertThat(datastreams.find(key(1))).contains(made.get(2));
        assertThat(datastreams.find(made.get(0).id())).contains(made.get(0));
        assertThat(datastreams.find(key(3))).isEmpty();
    }

    @Test
    void aRestartFindsTheSameOnes() {
        Datastreams before = Datastreams.load(database);
        List<Key> keys = new ArrayList<>(
                IntStream.range(0, 12_000).mapToObj(DatastreamsTest::key).toList());
        Collections.shuffle(keys, new java.util.Random(3));
        List<Datastream> made = before.resolve(keys);
        Datastreams after = Datastreams.load(database);
        assertThat(after.resolve(keys)).isEqualTo(made);
        assertThat(after.count()).isEqualTo(12_000);
        assertThat(after.list(new Subject("trees", "t3"))).hasSize(1_200);
        assertThat(after.list(new DeviceId("d7"))).hasSize(1);
        assertThat(after.list(new DeviceId("nobody"))).isEmpty();
    }

    @Test
    void twoProcessesThatMakeTheSameOnesAgree() throws Exception {
        List<Key> keys =
                IntStream.range(0, 3_000).mapToObj(DatastreamsTest::key).toList();
        List<Key> turned = new ArrayList<>(keys);
        Collections.reverse(turned);
        Datastreams one = Datastreams.load(database);
        Datastreams other = Datastreams.load(database);
        CompletableFuture<List<Datastream>> first = CompletableFuture.supplyAsync(() -> one.resolve(keys));
        List<Datastream> second = new ArrayList<>(other.resolve(turned));
        Collections.reverse(second);
        assertThat(first.get()).isEqualTo(second);
    }

    @Test
    void anotherUnitIsAnotherDatastream() {
        Datastreams datastreams = Datastreams.load(database);
        List<Datastream> made = datastreams.resolve(List.of(ofDevice("x", "%"), ofDevice("x", "V")));
        assertThat(made.get(0).id()).isNotEqualTo(made.get(1).id());
    }

    @Test
    void beyondTheLimitNewOnesAreRefusedAndOldOnesStay() {
        Datastreams datastreams = Datastreams.load(database, 2);
        List<Datastream> made = datastreams.resolve(List.of(key(1), key(2), key(3)));
        assertThat(made).filteredOn(d -> d == null).hasSize(1);
        assertThat(datastreams.resolve(List.of(key(1), key(4))))
                .satisfiesExactly(
                        d -> assertThat(d).isNotNull(), d -> assertThat(d).isNull());
    }
}
