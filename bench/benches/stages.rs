//! Each stage on a short and a typical statement and on a long file.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tule_bench::{Stage, assert_read_by_sqlparser, assert_sound, bytes, corpus, pass};

fn stages(criterion: &mut Criterion) {
    let catalog = corpus::catalog();
    let inputs = [
        ("short", corpus::short(1, 100)),
        ("typical", corpus::plain(1, 1_000)),
        ("10000-lines", vec![corpus::file(1, 10_000)]),
    ];
    for (_, texts) in &inputs {
        assert_sound(&catalog, texts);
        assert_read_by_sqlparser(&catalog, texts);
    }
    for stage in Stage::ALL {
        let mut group = criterion.benchmark_group(stage.name());
        group.sample_size(20);
        for (name, texts) in &inputs {
            group.throughput(Throughput::Bytes(bytes(texts) as u64));
            group.bench_with_input(BenchmarkId::from_parameter(name), texts, |bencher, texts| {
                bencher.iter(|| pass(stage, &catalog, texts));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
