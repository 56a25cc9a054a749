//! Files that are no tables get a clear word at the field, are never a mistake of ours, and leave nothing behind.

use super::{ADMIN, number, send};
use crate::support::on_both;
use std::io::Write;

fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let packed = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    zip.start_file("xl/worksheets/sheet1.xml", packed).expect("begun");
    let nothing = vec![b' '; 1024 * 1024];
    for _ in 0..200 {
        zip.write_all(&nothing).expect("written");
    }
    zip.finish().expect("finished").into_inner()
}

#[tokio::test]
async fn what_is_no_table_is_refused_at_its_field() {
    on_both(|test| async move {
        let mut admin = test.signed_in(ADMIN).await;
        let head = "编号,网格,名称\n";
        let files: Vec<(&str, Vec<u8>)> = vec![
            ("不是表格", vec![0x7f, b'E', b'L', b'F', 0, 1, 2, 3]),
            ("什么也没有", "\u{feff}".into()),
            ("只有列名", head.into()),
            ("引号没有收尾", format!("{head}\"b,g,n\n{}", "x\n".repeat(10_000)).into()),
            ("一格太长", format!("{head}b,g,{}", "长".repeat(2_000_000)).into()),
            ("没有“备注”", "编号,网格,名称,备注\nb,g,n,m\n".into()),
            ("少了“网格编号”", "编号,名称\nb,n\n".into()),
            ("文字读不出来", [head.as_bytes(), &[0xff, 0xff, 0xff]].concat()),
            ("打不开", b"PK\x03\x04nothing".to_vec()),
            ("解开后超过", bomb()),
            ("超过 25 MB", vec![b'a'; 26 * 1024 * 1024]),
        ];
        for (words, bytes) in files {
            let answer = send(&mut admin, "buildings", &bytes).await;
            assert_eq!(answer.status, 422, "{words}");
            let page = answer.text();
            assert!(page.contains(words) && page.contains("id=\"file-error\""), "{words}: {page}");
        }
        let none = admin.post_files("/staff/imports", &[("kind", "buildings")], &[]).await;
        assert_eq!(none.status, 422);
        let kind = send(&mut admin, "wishes", head.as_bytes()).await;
        assert_eq!(kind.status, 422);
        assert_eq!(number(&test.app.db, "SELECT CAST(COUNT(*) AS BIGINT) FROM import_run").await, 0);
        // Odd cells are refused lines, not refused files.
        let odd = format!("{head}=1+1,@SUM(A1),+cmd|' /C calc'!A0\n<script>,'\"--,\u{202e}abc\n");
        let answer = send(&mut admin, "buildings", odd.as_bytes()).await;
        assert_eq!(answer.status, 303);
        let page = admin.get(answer.location()).await;
        assert!(page.status == 200 && !page.text().contains("<script>,"), "escaped");
        let refused = admin.get(&format!("{}/refused.csv", answer.location())).await.text();
        assert!(!refused.contains(",=1+1") && refused.contains("'=1+1"), "{refused}");
    })
    .await;
}
