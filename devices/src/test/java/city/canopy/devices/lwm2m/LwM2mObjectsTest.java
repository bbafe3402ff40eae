package city.canopy.devices.lwm2m;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.devices.lwm2m.ResourceSpec.Type;
import city.canopy.devices.unit.Units;
import org.junit.jupiter.api.Test;

class LwM2mObjectsTest {
    private final LwM2mObjects objects = LwM2mObjects.standard();

    @Test
    void the_objects_of_oma_and_ipso_are_known() {
        assertThat(objects.list()).extracting(ObjectSpec::id).contains(0, 1, 2, 3, 4, 5, 6, 7, 3300, 3303, 3336, 3349);
        assertThat(objects.find(3303, 5700).orElseThrow().type()).isEqualTo(Type.FLOAT);
        assertThat(objects.find(3, 4).orElseThrow().operations()).isEqualTo("E");
        assertThat(objects.find(3, 11).orElseThrow().multiple()).isTrue();
        assertThat(objects.find(26_241)).isEmpty();
    }

    @Test
    void every_unit_can_be_calculated_with() {
        assertThat(objects.list())
                .flatExtracting(object -> object.resources().values())
                .allSatisfy(resource -> assertThat(resource.unit().filter(unit -> !Units.isKnown(unit)))
                        .as(resource.toString())
                        .isEmpty());
    }

    @Test
    void a_path_is_up_to_four_numbers() {
        assertThat(ResourcePath.find("/3303/0/5700")).hasToString("/3303/0/5700");
        assertThat(ResourcePath.find("3/0/11/2")).hasToString("/3/0/11/2");
        assertThat(ResourcePath.find("/3303/")).hasToString("/3303");
        for (String none :
                new String[] {"", "/", "//", "/a", "/1//2", "/65536", "/1/2/3/4/5", "/-1", "/3303/0/5700x"}) {
            assertThat(ResourcePath.find(none)).as(none).isNull();
        }
    }
}
