package city.canopy.core.bench;

import city.canopy.core.app.Service;
import city.canopy.core.demo.city.DemoCity;
import city.canopy.core.registry.Enrolment;
import city.canopy.devices.model.DeviceId;
import city.canopy.devices.registry.Binding;
import city.canopy.geo.crs.WorkingPlane;
import city.canopy.geo.layer.GeoFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who publishes in the bench: devices with one value and devices with ten, each bound to a tree of the generated city,
 * and bins for the ticket probe.
 *
 * @param ones tokens of devices that send one value
 * @param tens tokens of devices that send ten
 * @param bins tokens of bins, each at a waste point of its own
 * @param devices the ids of the devices that send one value
 */
record BenchCity(List<String> ones, List<String> tens, List<String> bins, List<String> devices) {
    static BenchCity enrol(Service service, int connections) {
        WorkingPlane plane = WorkingPlane.centredOn(
                service.config().site().lon(), service.config().site().lat());
        var layers = new DemoCity(1, 1000, plane).layers();
        layers.forEach((layer, features) -> service.layers().seed(layer, features, "bench"));
        List<String> devices = new ArrayList<>();
        List<Enrolment> wishes = new ArrayList<>();
        List<String> ones = group(wishes, "one", "bench-one", connections, layers.get("trees"), devices);
        List<String> tens = group(wishes, "ten", "bench-ten", connections, layers.get("trees"), new ArrayList<>());
        List<String> bins = group(
                wishes,
                "bin",
                "generic-bin",
                DemoCity.wastePoints(1000),
                layers.get("waste_points"),
                new ArrayList<>());
        service.registry().enrol(wishes);
        return new BenchCity(ones, tens, bins, devices);
    }

    private static List<String> group(
            List<Enrolment> wishes,
            String name,
            String profile,
            int count,
            List<GeoFeature> features,
            List<String> devices) {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            GeoFeature feature = features.get(i % features.size());
            String id = "bench-" + name + "-" + i;
            String token = "token-of-" + id + "-for-measuring";
            wishes.add(new Enrolment(
                    new DeviceId(id),
                    profile,
                    Optional.empty(),
                    new Binding.ToFeature(feature.layer(), feature.id()),
                    Optional.empty(),
                    Optional.of(new Enrolment.NewCredential.Token(Optional.of(token)))));
            tokens.add(token);
            devices.add(id);
        }
        return tokens;
    }
}
