package city.canopy.gateway.lwm2m;

import city.canopy.devices.lwm2m.LwM2mObjects;
import city.canopy.devices.lwm2m.ObjectSpec;
import city.canopy.devices.lwm2m.ResourceSpec;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.model.ResourceModel;

/** Canopy's table of LwM2M objects as Leshan wants it. */
final class ObjectModels {
    private ObjectModels() {}

    static List<ObjectModel> standard() {
        List<ObjectModel> models = new ArrayList<>();
        for (ObjectSpec object : LwM2mObjects.standard().list()) {
            List<ResourceModel> resources = object.resources().values().stream()
                    .map(ObjectModels::resource)
                    .toList();
            models.add(new ObjectModel(
                    object.id(), object.name(), "", object.version(), object.multiple(), false, resources));
        }
        return models;
    }

    private static ResourceModel resource(ResourceSpec spec) {
        ResourceModel.Operations operations = spec.operations().isEmpty()
                ? ResourceModel.Operations.NONE
                : ResourceModel.Operations.valueOf(spec.operations());
        return new ResourceModel(
                spec.id(), spec.name(), operations, spec.multiple(), false, type(spec.type()), "", "", "");
    }

    static ResourceModel.Type type(ResourceSpec.Type type) {
        return switch (type) {
            case STRING -> ResourceModel.Type.STRING;
            case INTEGER -> ResourceModel.Type.INTEGER;
            case UNSIGNED -> ResourceModel.Type.UNSIGNED_INTEGER;
            case FLOAT -> ResourceModel.Type.FLOAT;
            case BOOLEAN -> ResourceModel.Type.BOOLEAN;
            case OPAQUE -> ResourceModel.Type.OPAQUE;
            case TIME -> ResourceModel.Type.TIME;
            case OBJLNK -> ResourceModel.Type.OBJLNK;
            case NONE -> ResourceModel.Type.NONE;
        };
    }
}
