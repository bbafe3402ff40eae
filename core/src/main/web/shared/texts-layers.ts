/** What the map's layers need to say: search, a feature's story, editing, selecting. */
export const LAYER_TEXTS = {
  search_map: ['Tìm trên bản đồ: mã, loài, đường, phường', 'Search the map: id, species, street, ward'],
  search_count: ['{n} kết quả', '{n} found'],
  search_best: ['{n} kết quả; đây là {m} kết quả gần nhất', '{n} found; these are the best {m}'],
  search_short: ['Tìm trên bản đồ', 'Search the map'],
} as const satisfies Record<string, readonly [vi: string, en: string]>;
