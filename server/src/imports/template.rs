//! Files to begin with: the headings of a kind and two lines as examples.

use app::{
    i18n::{Lang, Words},
    imports::Kind,
};

/// Two lines as examples, in the reader's language where words of people stand in them.
fn examples(kind: Kind, w: Words) -> [Vec<String>; 2] {
    let zh = w.lang == Lang::Zh;
    let pick = |zh_text: &'static str, en_text: &'static str| if zh { zh_text } else { en_text };
    let rows: [Vec<&str>; 2] = match kind {
        Kind::Organisations => [
            vec![
                "hexi",
                pick("街道", "subdistrict"),
                "lanxi",
                "河西街道",
                "Hexi Subdistrict",
                "0571-00000001",
                "河西路 1 号",
                "1 Hexi Road",
                "1",
            ],
            vec![
                "yinxing",
                pick("社区", "community"),
                "hexi",
                "银杏社区",
                "Ginkgo Community",
                "0571-00000002",
                "银杏路 8 号",
                "8 Ginkgo Road",
                "1",
            ],
        ],
        Kind::Buildings => [
            vec![
                "yinxing-b1",
                "yinxing",
                "yinxing-g1",
                "1 号楼",
                "Building 1",
                "银杏路 8 号",
                "8 Ginkgo Road",
                "96",
                "120.15",
                "30.28",
                "1",
            ],
            vec![
                "yinxing-b2",
                "yinxing",
                "yinxing-g1",
                "2 号楼",
                "Building 2",
                "银杏路 10 号",
                "10 Ginkgo Road",
                "88",
                "120.151",
                "30.281",
                "2",
            ],
        ],
        Kind::People => [
            vec!["19900009901", "王小满", pick("网格员", "grid_worker"), "yinxing-g1", "", "", ""],
            vec![
                "19900009902",
                "陈立冬",
                pick("责任单位", "unit"),
                "yinxing",
                "银杏物业",
                "Ginkgo Property",
                pick("是", "yes"),
            ],
        ],
        Kind::Items => [
            vec![
                "residence-proof",
                "C",
                "civil",
                "开居住证明",
                "Proof of residence",
                "居住证明开具",
                "Issue of proof of residence",
                "住在本社区的人",
                "Residents of this community",
                "10",
                "当场办结",
                "At once",
                "不收费",
                "Free",
                "居住证明一份",
                "One certificate",
                "社区证明事项清单",
                "List of certificates",
                "居住证明、住址、jzzm",
                "moving",
                "rent | 是租房住吗？ | Do you rent?",
                "id | 身份证 | ID card\ncontract | 租房合同 | Lease | 在有效期内 | Still valid | 1 | rent:yes",
            ],
            vec![
                "seal-form",
                "C",
                "civil",
                "盖章",
                "Stamp a form",
                "表格盖章",
                "Stamping of forms",
                "住在本社区的人",
                "Residents of this community",
                "5",
                "当场办结",
                "At once",
                "不收费",
                "Free",
                "盖好章的表格",
                "The stamped form",
                "社区证明事项清单",
                "List of certificates",
                "盖章、公章",
                "",
                "",
                "id | 身份证 | ID card\nform | 要盖章的表格 | The form",
            ],
        ],
        Kind::Categories => [
            vec![
                "street-bench",
                "facilities",
                "公共设施",
                "Public facilities",
                "长椅坏了",
                "Broken bench",
                "长椅、凳子",
                "working_days",
                "3",
                "0",
                "1",
            ],
            vec![
                "fallen-tree",
                "greenery",
                "园林绿化",
                "Greenery",
                "树倒了",
                "Fallen tree",
                "树、倒了",
                "urgent",
                "2",
                "1",
                "1",
            ],
        ],
    };
    rows.map(|row| row.into_iter().map(str::to_owned).collect())
}

/// The file, as a spreadsheet opens it.
pub fn file(kind: Kind, w: Words) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(kind.columns().iter().map(|column| w.t(column.key)))?;
    for row in examples(kind, w) {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::file::read;
    use app::imports::{Row, read_building, read_category, read_item_line, read_organisation, read_person};

    #[test]
    fn a_template_is_a_good_file_of_its_kind() {
        for kind in Kind::ALL {
            for w in [Words::new(Lang::Zh), Words::new(Lang::En)] {
                let table = read(kind, &file(kind, w).expect("a file")).expect("a table");
                assert_eq!(table.rows.len(), 2);
                for (line, cells) in &table.rows {
                    let row = Row { columns: &table.columns, line: *line, cells };
                    let mistakes = match kind {
                        Kind::Organisations => read_organisation(row).mistakes,
                        Kind::Buildings => read_building(row).mistakes,
                        Kind::People => read_person(row).mistakes,
                        Kind::Items => read_item_line(row, None, &Default::default()).mistakes,
                        Kind::Categories => read_category(row, None).mistakes,
                    };
                    assert_eq!(mistakes, vec![], "{}", kind.code());
                }
            }
        }
    }
}
